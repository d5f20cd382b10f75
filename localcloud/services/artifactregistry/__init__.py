"""Artifact Registry: repositories, what is in them, and the data planes of Docker and KFP."""

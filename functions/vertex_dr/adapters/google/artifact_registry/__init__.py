"""Artifact Registry: container images and compiled pipelines."""

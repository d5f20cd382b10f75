"""Pipelines: hold every compiled pipeline of the other side, and start runs on the active side."""

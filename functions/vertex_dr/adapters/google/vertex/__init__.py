"""Vertex AI: models, deployments, predictions, pipeline runs."""

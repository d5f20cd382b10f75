"""Vertex AI: models with versions, endpoints that really predict, pipeline jobs that are accepted."""

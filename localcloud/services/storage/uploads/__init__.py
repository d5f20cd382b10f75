"""Uploads to Cloud Storage: simple, multipart and resumable."""

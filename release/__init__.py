"""Publish what a release brings, serving images and compiled pipelines, to both sides; no function needs it."""

"""Preflight's ports on Google Cloud: plain REST over the one session, at Google's own addresses."""

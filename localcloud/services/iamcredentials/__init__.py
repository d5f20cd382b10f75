"""Tokens on demand: the IAM Credentials API, the OAuth token endpoint and the published keys."""

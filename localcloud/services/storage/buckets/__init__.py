"""Buckets of Cloud Storage: their methods, their policies, their notification configurations."""

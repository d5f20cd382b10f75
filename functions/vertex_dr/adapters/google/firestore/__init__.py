"""Firestore: the selector, and what probers and verifiers note beside it."""

"""Readiness: whether this side could take over now."""

"""Time as Google's APIs write it."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> str:
    """Return the present as an RFC 3339 timestamp with microseconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

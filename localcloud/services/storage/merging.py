"""PATCH as the JSON API means it: null deletes a key, objects merge, everything else replaces."""

from __future__ import annotations

from typing import Any


def merge(resource: dict[str, Any], changes: dict[str, Any], sent: dict[str, Any]) -> None:
    """Change resource by the validated changes; sent, the body with its nulls, says what is deleted."""
    for key, value in sent.items():
        if value is None:
            resource.pop(key, None)
        elif isinstance(value, dict) and isinstance(resource.get(key), dict):
            merge(resource[key], changes.get(key, {}), value)
        elif key in changes:
            resource[key] = changes[key]

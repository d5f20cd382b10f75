"""Protocol buffer names of schemas: what the @type of an operation's response has to say."""

from __future__ import annotations

import re

_QUALIFIED = re.compile(r"(Google(?:[A-Z][a-z0-9]+?)*?V\d+(?:(?:alpha|beta)\d+)?)([A-Z]\w*)")
_WORD = re.compile(r"[A-Z][a-z0-9]*")


def url(schema: str, package: str) -> str:
    """Return the type URL: `GoogleCloudRunV2Service` carries its package in its name, others stand in package."""
    qualified = _QUALIFIED.fullmatch(schema)
    if qualified:
        package = ".".join(word.lower() for word in _WORD.findall(qualified[1]))
        schema = qualified[2]
    return f"type.googleapis.com/{package}.{schema}"

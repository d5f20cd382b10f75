"""Filters of Vertex AI's lists, as far as they are plain: `field="value"` and `labels.key=value`, joined by AND."""

from __future__ import annotations

import re
from typing import Any

from localcloud.core.errors import ApiError
from localcloud.schema.field_names import camel

_TERM = re.compile(r"""\s*(?P<path>[A-Za-z_][\w.-]*)\s*(?P<sign>!=|=|:)\s*(?P<value>"[^"]*"|'[^']*'|[^\s"']+)\s*""")


def matching(items: list[dict[str, Any]], text: str | None) -> list[dict[str, Any]]:
    """Return the items that the filter lets through; raises ApiError 501 for a filter of another form."""
    if not text or not text.strip():
        return items
    terms = [_read(term, text) for term in re.split(r"\s+AND\s+", text.strip())]
    return [item for item in items if all(_holds(item, *term) for term in terms)]


def _read(term: str, text: str) -> tuple[list[str], str, str]:
    match = _TERM.fullmatch(term)
    if match is None:
        raise ApiError.unimplemented(f'the filter {text!r} (field="value" AND labels.key=value are)')
    first, *rest = match["path"].split(".")
    path = [camel(first), *rest] if first == "labels" else [camel(part) for part in [first, *rest]]
    return path, match["sign"], match["value"].strip("\"'")


def _holds(item: dict[str, Any], path: list[str], sign: str, value: str) -> bool:
    found: Any = item
    if path in (["model"], ["endpoint"]):
        found = item["name"].rpartition("/")[2]
    else:
        for key in path:
            found = found.get(key) if isinstance(found, dict) else None
    if sign == ":" and value == "*":
        return found is not None
    return (str(found) == value) is (sign != "!=")

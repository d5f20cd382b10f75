"""Field masks: which part of a resource an update replaces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


def apply(resource: dict[str, Any], changes: dict[str, Any], mask: Iterable[str]) -> None:
    """Replace in resource each path of the mask by its value in changes; a path absent there is cleared."""
    for path in mask:
        if path == "*":
            resource.update(changes)
            continue
        *parents, last = path.split(".")
        source: Any = changes
        target = resource
        for key in parents:
            source = source.get(key) if isinstance(source, dict) else None
            inner = target.setdefault(key, {})
            if not isinstance(inner, dict):
                break
            target = inner
        if isinstance(source, dict) and last in source:
            target[last] = source[last]
        else:
            target.pop(last, None)

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
        else:
            _apply(resource, changes, path.split("."))


def _apply(target: dict[str, Any], source: Any, path: list[str]) -> None:
    """Clearing below a message that is not there leaves it not there: an empty message would be a change."""
    first, *rest = path
    given = source.get(first) if isinstance(source, dict) else None
    if not rest and given is None:
        target.pop(first, None)
    elif not rest:
        target[first] = given
    elif given is not None or isinstance(target.get(first), dict):
        if not isinstance(target.get(first), dict):
            target[first] = {}
        _apply(target[first], given, rest)

"""Conditions of bindings: CEL, with the functions that Google adds to it. Each expression is compiled once."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from localcloud.iam.resources import Resource

# https://cloud.google.com/iam/docs/conditions-attribute-reference
_TEMPLATE = re.compile(r"(?P<before>.*)\{[A-Za-z_][A-Za-z0-9_]*\}(?P<after>.*)")


class ConditionUnknown(Exception):
    """The expression cannot be evaluated here; what is unknown denies."""


class ConditionInvalid(Exception):
    """The expression is no CEL."""


def check(expression: str) -> None:
    """Return for an expression that can be compiled. Raises ConditionInvalid."""
    _compiled(expression)


def holds(expression: str, resource: Resource, at: datetime, attributes: Mapping[str, Any]) -> bool:
    """Whether the condition is true of this request. Raises ConditionUnknown when that cannot be told.

    `attributes` are the API attributes of the request, by Google's names, such as
    `storage.googleapis.com/objectListPrefix`.
    """
    cel = _cel()
    context = cel.Context(
        variables={
            "resource": {"name": resource.name, "type": resource.type, "service": resource.service},
            "request": {"time": at},
            "api": {},
        },
        functions={
            "extract": extract,
            "getAttribute": lambda _api, key, default: attributes.get(key, default),
        },
    )
    try:
        outcome = _compiled(expression).execute(context)
    except (ConditionInvalid, RuntimeError, TypeError, ValueError) as error:
        raise ConditionUnknown(f"{expression!r}: {error}") from error
    if not isinstance(outcome, bool):
        raise ConditionUnknown(f"{expression!r} is {outcome!r}, which is neither true nor false")
    return outcome


def extract(text: str, template: str) -> str:
    """Return the part of text that stands at the template's braces, an empty string when it does not fit.

    With text behind the braces the shortest part, as https://cloud.google.com/iam/docs/extract-documentation has it.
    """
    match = _TEMPLATE.fullmatch(template)
    if match is None:
        raise ValueError(f"the template {template!r} of extract() has not one pair of braces")
    start = text.find(match["before"])
    if start < 0:
        return ""
    rest = text[start + len(match["before"]) :]
    if not match["after"]:
        return rest
    end = rest.find(match["after"])
    return rest[:end] if end >= 0 else ""


@lru_cache(maxsize=1024)
def _compiled(expression: str) -> Any:
    try:
        return _cel().compile(expression)
    except (RuntimeError, TypeError, ValueError) as error:
        raise ConditionInvalid(f"{expression!r} is no CEL: {error}") from error


@lru_cache(maxsize=1)
def _cel() -> Any:
    import cel  # noqa: PLC0415 - its import takes a third of a second, which a cloud without conditions need not pay

    return cel

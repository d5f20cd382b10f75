"""Names of fields, in the two spellings that Google uses."""

from __future__ import annotations

import re

_SNAKE = re.compile(r"_([a-z0-9])")
_CAPITAL = re.compile(r"(?<=[a-z0-9])([A-Z])")


def camel(name: str) -> str:
    """Return a snake_case field path in camelCase; camelCase stays as it is."""
    return _SNAKE.sub(lambda match: match[1].upper(), name)


def snake(name: str) -> str:
    """Return a camelCase name in snake_case, which Google's messages use."""
    return _CAPITAL.sub(r"_\1", name).lower()

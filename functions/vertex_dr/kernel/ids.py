"""Identifiers that no two runs share."""

from __future__ import annotations

import uuid
from typing import Protocol

__all__ = ["NewId", "new_id"]


class NewId(Protocol):
    """Makes identifiers."""

    def __call__(self) -> str:
        """Return an identifier of lower-case letters and digits that no other call returns."""
        ...


def new_id() -> str:
    """Return 32 random hexadecimal digits."""
    return uuid.uuid4().hex

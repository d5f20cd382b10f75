"""The two fixed roles a region can have."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Side"]


class Side(StrEnum):
    """A role given by configuration; it never changes at failover."""

    PRIMARY = "primary"
    DR = "dr"

    @property
    def other(self) -> Side:
        """Return the opposite side."""
        return Side.DR if self is Side.PRIMARY else Side.PRIMARY

    def __str__(self) -> str:
        return self.value

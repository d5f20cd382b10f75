"""Time as ports: whoever needs the clock is given it, so that tests say what time it is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol

__all__ = ["Clock", "Sleep", "now"]


class Clock(Protocol):
    """Tells the time."""

    def __call__(self) -> datetime:
        """Return the instant, with its time zone."""
        ...


class Sleep(Protocol):
    """Waits."""

    def __call__(self, seconds: float, /) -> None:
        """Return after that many seconds."""
        ...


def now() -> datetime:
    """Return the present instant in UTC."""
    return datetime.now(UTC)

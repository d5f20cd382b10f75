"""One measured figure, and what it stands beside."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Row"]


@dataclass(frozen=True, kw_only=True)
class Row:
    """A figure of ours, the same figure of what a user would pick instead, and the unit of both."""

    what: str
    ours: float
    unit: str
    beside: str | None = None
    theirs: float | None = None

    @property
    def ratio(self) -> float | None:
        """Return ours divided by theirs, or None where nothing stands beside it."""
        return self.ours / self.theirs if self.theirs else None

"""Traffic's selector as replication sees it: an epoch that fences steps, and the active side."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from vertex_dr.adapters.google.firestore.selector import SelectorInFirestore
    from vertex_dr.kernel.sides import Side

__all__ = ["SelectorFence"]


@dataclass(frozen=True)
class SelectorFence:
    """Implements replication's Fence and ActiveSide; each call reads the selector anew."""

    build: Callable[[], SelectorInFirestore]

    @cached_property
    def _selector(self) -> SelectorInFirestore:
        return self.build()

    def epoch(self) -> int:
        """Return the selector's epoch as it is now."""
        return self._selector.read().epoch

    def active(self) -> Side:
        """Return the active side as it is now."""
        return self._selector.read().active

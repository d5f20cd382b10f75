"""Hold the selector: nothing flips by itself until the hold is cleared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from vertex_dr.traffic.records import HoldNote, Selector

if TYPE_CHECKING:
    from vertex_dr.kernel.clock import Clock
    from vertex_dr.traffic.ports import SelectorStore

__all__ = ["HoldSelector"]


@dataclass(frozen=True, kw_only=True)
class HoldSelector:
    """Sets and clears the hold, within the epoch."""

    store: SelectorStore
    clock: Clock

    def set(self, *, by: str, reason: str) -> Selector:
        """Make the selector held and return it; repeating replaces the note. Raises FlipLost if a flip intervened."""
        return self._amend(HoldNote(by=by, at=self.clock(), reason=reason))

    def clear(self) -> Selector:
        """Make the selector free and return it. Repeating is safe. Raises FlipLost when a flip came between."""
        return self._amend(None)

    def _amend(self, note: HoldNote | None) -> Selector:
        stored = self.store.stored()
        selector = msgspec.structs.replace(stored.selector, hold=note)
        self.store.amend(selector, replaces=stored)
        return selector

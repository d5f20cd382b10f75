"""Hold the selector: nothing flips by itself until the hold is cleared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from vertex_dr.traffic.records import HoldNote, Selector

if TYPE_CHECKING:
    from vertex_dr.kernel.clock import Clock
    from vertex_dr.traffic.ports import SelectorStore

__all__ = ["HoldSelector", "ReleaseSelector"]


@dataclass(frozen=True, kw_only=True)
class HoldSelector:
    """Sets the hold, within the epoch."""

    store: SelectorStore
    clock: Clock

    def run(self, *, by: str, reason: str) -> Selector:
        """Make the selector held and return it; repeating replaces the note. Raises FlipLost if a flip intervened."""
        return _amended(self.store, HoldNote(by=by, at=self.clock(), reason=reason))


@dataclass(frozen=True, kw_only=True)
class ReleaseSelector:
    """Clears the hold, within the epoch."""

    store: SelectorStore

    def run(self) -> Selector:
        """Make the selector free and return it. Repeating is safe. Raises FlipLost when a flip came between."""
        return _amended(self.store, None)


def _amended(store: SelectorStore, note: HoldNote | None) -> Selector:
    stored = store.stored()
    selector = msgspec.structs.replace(stored.selector, hold=note)
    store.amend(selector, replaces=stored)
    return selector

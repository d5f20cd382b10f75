"""Follow the selector: what a client keeps of it, never older than what it has seen."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from vertex_dr.kernel.errors import VertexDrError
from vertex_dr.kernel.events import Event, emit
from vertex_dr.kernel.sides import Side
from vertex_dr.traffic.records import Phase, Selector

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from vertex_dr.traffic.ports import Copies, SelectorReader
    from vertex_dr.traffic.records import Destination

__all__ = ["Follower", "before_any_read"]


def before_any_read(service: str, sides: Mapping[Side, Destination], *, now: datetime) -> Selector:
    """Return what counts until a selector was read: primary is active, under an epoch below every other."""
    return Selector(
        service=service,
        epoch=0,
        active=Side.PRIMARY,
        sides=dict(sides),
        phase=Phase.STEADY,
        hold=None,
        changed_at=now,
        changed_by="settings",
        reason="no selector was read yet",
    )


class Follower:
    """The selector as one process knows it, shared by its threads.

    It reads Firestore; when Firestore does not answer, the copy with the highest epoch counts. What is known never goes
    back to a lower epoch. While the active side is in doubt, because it just failed, every caller waits for a fresh
    read; those who wait at the same time share it.
    """

    def __init__(
        self,
        selector: SelectorReader,
        copies: Copies,
        *,
        fallback: Selector,
        monotonic: Callable[[], float],
        patience_seconds: float = 1.0,
    ) -> None:
        self._selector = selector
        self._copies = copies
        self._known = fallback
        self._monotonic = monotonic
        self._patience_seconds = patience_seconds
        self._turn = threading.Condition()
        self._reads_begun = 0
        self._reads_ended = 0
        self._is_reading = False
        self._failed_at: float | None = None
        self._doubted_epoch: int | None = None

    @property
    def known(self) -> Selector:
        """Return the newest selector that was seen; before the first read, the fallback under epoch 0."""
        return self._known

    def for_first_try(self) -> Selector:
        """Return the selector to start with: read anew when nothing was read yet or the active side is in doubt."""
        if self._reads_ended == 0 or self._is_in_doubt():
            self.refresh()
        return self._known

    def doubt(self, epoch: int) -> Selector:
        """Note that the side which is active under that epoch failed, and return the selector as it is now."""
        with self._turn:
            if epoch >= self._known.epoch:
                self._doubted_epoch = epoch
        self.refresh()
        return self._known

    def trust(self, epoch: int) -> None:
        """Note that the side which is active under that epoch answered a first try."""
        if self._doubted_epoch is not None and epoch >= self._doubted_epoch:
            self._doubted_epoch = None

    def refresh(self) -> None:
        """Read the selector: afterwards what is known is as new as the start of this call, or newer.

        When nothing can be read, what is known stays. Threads that call at once share one read.
        """
        with self._turn:
            needed = self._reads_begun + 1
            while self._reads_ended < needed:
                if not self._is_reading:
                    self._is_reading = True
                    self._reads_begun += 1
                    break
                self._turn.wait()
            else:
                return
        found: Selector | None = None
        try:
            found = self._read()
        finally:
            with self._turn:
                if found is not None and found.epoch > self._known.epoch:
                    self._known = found
                self._is_reading = False
                self._reads_ended = self._reads_begun
                self._turn.notify_all()

    def _is_in_doubt(self) -> bool:
        doubted = self._doubted_epoch
        return doubted is not None and self._known.epoch <= doubted

    def _read(self) -> Selector | None:
        now = self._monotonic()
        if self._failed_at is not None and now - self._failed_at < self._patience_seconds:
            return None
        try:
            found = self._selector.read()
        except VertexDrError as exc:
            states = self._copies.states()
            self._failed_at = self._monotonic()
            kept = [state.selector for state in states if state.selector is not None]
            emit(Event.TRAFFIC_SELECTOR_UNREAD, severity="WARNING", error=str(exc), copies=len(kept))
            return max(kept, key=lambda selector: selector.epoch, default=None)
        self._failed_at = None
        return found

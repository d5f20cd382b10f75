"""Hand a record over to the next function, or do its work here when that one does not answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from vertex_dr.kernel.errors import Unreachable
from vertex_dr.kernel.events import Event, emit
from vertex_dr.kernel.records import Record, to_plain
from vertex_dr.traffic.records import Rehearsal

if TYPE_CHECKING:
    from collections.abc import Callable

    from vertex_dr.traffic.ports import Functions

__all__ = ["HandOver", "HandsOver"]

# What is handed over: a plan to fail_over, nothing to assess_regions.
T = TypeVar("T", bound="Record | None")

# `HandOver.run`, or what stands in for it.
HandsOver: TypeAlias = "Callable[[T | Rehearsal], dict[str, Any]]"

# The longest that a hand-over may take: the next function may have to start first.
LONGEST_SECONDS = 20.0


@dataclass(frozen=True, kw_only=True)
class HandOver(Generic[T]):
    """Calls the function at url and, when it does not answer in time, does its work in this process.

    Either may flip, even both at once: Firestore decides which one did.
    """

    url: str | None
    functions: Callable[[], Functions]
    in_process: Callable[[T], Record]
    patience_seconds: float = LONGEST_SECONDS

    def run(self, record: T | Rehearsal) -> dict[str, Any]:
        """Return the answer as plain JSON; repeating hands over again.

        A rehearsal waits longer than patience_seconds, since the next function may have to start and nothing depends
        on it yet; it does no work here and raises Unreachable when nobody answers.
        """
        if isinstance(record, Rehearsal):
            if self.url is None:
                return {}
            return self.functions().call(self.url, record, timeout_seconds=LONGEST_SECONDS)
        if self.url is not None:
            seconds = min(self.patience_seconds, LONGEST_SECONDS)
            try:
                return self.functions().call(self.url, record, timeout_seconds=seconds)
            except Unreachable as exc:
                emit(Event.TRAFFIC_HAND_OVER_UNANSWERED, severity="WARNING", url=self.url, error=str(exc))
        done = to_plain(self.in_process(record))
        return done if isinstance(done, dict) else {"answer": done}

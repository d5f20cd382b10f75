"""The catalogue of events, and how one is written: one JSON line in Cloud Logging's structure.

Structure: https://cloud.google.com/logging/docs/structured-logging (severity, message, labels as top-level fields).
Alerts filter on the names, so a name that has shipped is not changed.
"""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Self, TextIO

import msgspec

__all__ = ["Event", "emit"]


class Event(StrEnum):
    """Every event that the functions and the client library write: its dotted name, and what has happened."""

    meaning: str

    def __new__(cls, name: str, meaning: str) -> Self:
        """Make a member that is its name and also carries its meaning."""
        event = str.__new__(cls, name)
        event._value_ = name
        event.meaning = meaning
        return event

    FUNCTION_REFUSED = "function.refused", "An entry point ended in an error that vertex-dr foresaw."
    REPLICATION_RUN_ENDED = "replication.run.ended", "A use case of replication has ended and kept its journal."
    REPLICATION_STEP_CRASHED = "replication.step.crashed", "A step raised an error that nobody foresaw: it is a bug."
    REPLICATION_STEP_UNNOTED = (
        "replication.step.unnoted",
        "What a step came to could not be kept as it ended; the run goes on, and its journal says it at the end.",
    )
    TRAFFIC_HAND_OVER_BROKEN = "traffic.hand_over.broken", "A rehearsal of the hand-over did not reach its end."
    TRAFFIC_HAND_OVER_UNANSWERED = (
        "traffic.hand_over.unanswered",
        "The next function did not answer a hand-over, so its work is done where it was asked for.",
    )
    TRAFFIC_JOURNAL_LOST = "traffic.journal.lost", "A flip was accepted and its journal could not be kept."
    TRAFFIC_PROBE_HANDED_OVER = (
        "traffic.probe.handed_over",
        "A prober saw a side fail or come back, and asked for an assessment.",
    )
    TRAFFIC_PROBE_UNHEARD = "traffic.probe.unheard", "What a prober saw could not be recorded or handed over."
    TRAFFIC_SELECTOR_FLIPPED = "traffic.selector.flipped", "The selector names the other side, under a new epoch."
    TRAFFIC_SELECTOR_UNREAD = (
        "traffic.selector.unread",
        "A client could not read the selector and goes by its copies.",
    )


def emit(event: Event, *, severity: str = "INFO", stream: TextIO | None = None, **fields: object) -> None:
    """Write the event as one JSON line; repeating writes it again."""
    line = {"severity": severity, "message": event.value, "event": event.value, **fields}
    out = stream or sys.stderr
    out.write(msgspec.json.encode(line, enc_hook=str).decode() + "\n")
    out.flush()

"""Where journals are kept and what they are called, the same for every capability; what they say is its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from vertex_dr.kernel.records import Record

__all__ = ["JournalLog", "journal_folder", "journal_name", "note_name"]


class JournalLog(Protocol):
    """Keeps the journals of the own side's runs, each written once, and before that each step as it ends."""

    def begin(self, entry_point: str) -> str:
        """Return a new name under which a run's steps are noted; nothing is written."""
        ...

    def note(self, run: str, number: int, record: Record) -> None:
        """Store what the run's step of that number came to, so that it is known even when the run is cut off.

        Repeating is safe. Raises Unreachable.
        """
        ...

    def keep(self, entry_point: str, record: Record) -> str:
        """Store the record under a new name and return its address. Repeating stores it again. Raises Unreachable."""
        ...


def journal_folder(entry_point: str) -> str:
    """Return the folder of the own staging bucket that holds the journals of that entry point."""
    return f"journals/{entry_point}/"


def note_name(run: str, number: int) -> str:
    """Return the name of one step's note; names sort by the steps' order."""
    return f"{run}/{number:04d}.json"


def journal_name(entry_point: str, *, kept_at: datetime, journal_id: str) -> str:
    """Return the name of one journal; names sort by time, and no two runs share one."""
    return f"{journal_folder(entry_point)}{kept_at:%Y%m%dT%H%M%S.%fZ}-{journal_id}.json"

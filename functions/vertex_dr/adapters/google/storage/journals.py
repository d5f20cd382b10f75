"""Journals, kept in the own side's staging bucket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vertex_dr.adapters.google.calls import ask
from vertex_dr.kernel.errors import Refused
from vertex_dr.kernel.journal import journal_name, note_name
from vertex_dr.kernel.records import to_json

if TYPE_CHECKING:
    from vertex_dr.adapters.google.clients import Clients
    from vertex_dr.kernel.clock import Clock
    from vertex_dr.kernel.ids import NewId
    from vertex_dr.kernel.records import Record

__all__ = ["StorageJournals"]

# Whoever asked for a failover waits until the journal is kept, so a bucket that hangs is given up soon.
_TIMEOUT_SECONDS = 5.0


@dataclass(frozen=True, kw_only=True)
class StorageJournals:
    """Implements JournalLog."""

    clients: Clients
    bucket: str
    clock: Clock
    new_id: NewId

    def begin(self, entry_point: str) -> str:
        """Return a new name under which a run's steps are noted."""
        return self._new_name(entry_point).removesuffix(".json")

    def note(self, run: str, number: int, record: Record) -> None:
        """Store what the run's step of that number came to."""
        self._write(note_name(run, number), record)

    def keep(self, entry_point: str, record: Record) -> str:
        """Store the record under a new name and return its address."""
        return self._write(self._new_name(entry_point), record)

    def _new_name(self, entry_point: str) -> str:
        return journal_name(entry_point, kept_at=self.clock(), journal_id=self.new_id())

    def _write(self, name: str, record: Record) -> str:
        address = f"gs://{self.bucket}/{name}"
        blob = self.clients.storage().bucket(self.bucket).blob(name)

        def write() -> None:
            blob.upload_from_string(
                to_json(record),
                content_type="application/json",
                if_generation_match=0,
                retry=None,
                timeout=_TIMEOUT_SECONDS,
            )

        try:
            ask(f"keep the journal {address}", write, then="copy it from the function's log")
        except Refused as refused:
            # The name is new, so only an earlier try of this very call, whose answer was lost, can have written it.
            if not _exists(refused):
                raise
        return address


def _exists(refused: Refused) -> bool:
    """Return whether Cloud Storage refused because the name is taken: other refusals are a 412, too.

    Source: https://cloud.google.com/storage/docs/json_api/v1/status-codes (412, conditionNotMet).
    """
    reasons = getattr(refused.__cause__, "errors", ())
    return any(isinstance(one, dict) and one.get("reason") == "conditionNotMet" for one in reasons)

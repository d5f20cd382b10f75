"""Journals of flips, kept in the own side's staging bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vertex_dr.adapters.google.errors import translated
from vertex_dr.kernel.records import to_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from google.cloud.storage import Client

    from vertex_dr.kernel.clock import Clock
    from vertex_dr.kernel.records import Record

__all__ = ["JournalsInBucket"]

TIMEOUT_SECONDS = 5.0


class JournalsInBucket:
    """Implements JournalLog: objects `journals/<entry point>/<time>-<id>.json`."""

    def __init__(self, storage: Client, *, bucket: str, clock: Clock, new_id: Callable[[], str]) -> None:
        self._storage = storage
        self._bucket = bucket
        self._clock = clock
        self._new_id = new_id

    def keep(self, entry_point: str, record: Record) -> str:
        """Store the record under a name of its own and return its address. Raises Unreachable."""
        name = f"journals/{entry_point}/{self._clock():%Y%m%dT%H%M%S.%fZ}-{self._new_id()}.json"
        address = f"gs://{self._bucket}/{name}"
        with translated(f"keep the journal {address}", then="copy it from the function's log"):
            self._storage.bucket(self._bucket).blob(name).upload_from_string(
                to_json(record),
                content_type="application/json",
                if_generation_match=0,
                timeout=TIMEOUT_SECONDS,
                retry=None,
            )
        return address

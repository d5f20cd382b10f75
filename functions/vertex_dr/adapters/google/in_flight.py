"""What was started and had not ended when a function's time was over, kept so that the next run goes on with it.

Each note is an object of its own below `in-flight/` of the own side's staging bucket: names are written once and
numbered, and the highest counts, so that a note needs no right to overwrite. A lifecycle rule takes them away after a
week, which is as long as Cloud Storage honours a rewrite token:
https://cloud.google.com/storage/docs/json_api/v1/objects/rewrite
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from vertex_dr.adapters.google.calls import ask
from vertex_dr.kernel.errors import DamagedRecord, NotFound, Refused
from vertex_dr.kernel.records import Record, from_json, to_json

if TYPE_CHECKING:
    from vertex_dr.adapters.google.clients import Clients

__all__ = ["InFlight"]

_TIMEOUT_SECONDS = 30.0

Note = TypeVar("Note", bound=Record)


@dataclass(frozen=True, slots=True)
class InFlight:
    """The notes of one kind of work; a subject says in full what the work does, from what, to what."""

    clients: Clients
    kind: str

    def newest(self, subject: str, note: type[Note]) -> Note | None:
        """Return the last note on that subject, or None when there is none or it cannot be read any longer."""
        prefix, bucket = self._prefix(subject), self._bucket

        def names() -> list[str]:
            client = self.clients.storage()
            return [b.name for b in client.list_blobs(bucket, prefix=prefix, retry=None, timeout=_TIMEOUT_SECONDS)]

        found = max(ask(f"list gs://{bucket}/{prefix}", names), default=None)
        if found is None:
            return None
        blob = self.clients.storage().bucket(bucket).blob(found)
        try:
            content = ask(
                f"read gs://{bucket}/{found}", lambda: blob.download_as_bytes(retry=None, timeout=_TIMEOUT_SECONDS)
            )
            return from_json(note, content, source=f"gs://{bucket}/{found}")
        except (DamagedRecord, NotFound):
            return None  # it has expired meanwhile, or another release wrote it: the work begins anew

    def keep(self, subject: str, note: Record, *, number: int) -> None:
        """Keep the note under that number, the highest of which counts; one that is there already stays as it is."""
        name, bucket = f"{self._prefix(subject)}{number:020d}.json", self._bucket
        blob = self.clients.storage().bucket(bucket).blob(name)

        def write() -> None:
            blob.upload_from_string(
                to_json(note),
                content_type="application/json",
                if_generation_match=0,
                retry=None,
                timeout=_TIMEOUT_SECONDS,
            )

        try:
            ask(f"keep gs://{bucket}/{name}", write)
        except Refused:
            return  # another run has got as far with the same work

    @property
    def _bucket(self) -> str:
        return self.clients.settings.own.staging_bucket

    def _prefix(self, subject: str) -> str:
        return f"in-flight/{self.kind}/{hashlib.sha256(subject.encode()).hexdigest()[:32]}/"

"""The probers' trails, one document a prober and target."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vertex_dr.kernel.errors import DamagedRecord
from vertex_dr.kernel.sides import Side
from vertex_dr.traffic.probes import ProbeTrail

if TYPE_CHECKING:
    from vertex_dr.adapters.google.firestore.documents import FirestoreDocuments

__all__ = ["FirestoreProbes"]


class FirestoreProbes:
    """Implements ProbeLog: documents `probes/<service>.<prober>.<target>`."""

    def __init__(self, documents: FirestoreDocuments, *, service: str) -> None:
        self._documents = documents
        self._service = service

    def trails(self) -> tuple[ProbeTrail, ...]:
        """Return every trail of the service, by prober and target."""
        paths = [self._path(prober, target) for prober in Side for target in Side]
        found = [(path, self._documents.get(path)) for path in paths]
        return tuple(_trail(document.values, path) for path, document in found if document)

    def record(self, trails: tuple[ProbeTrail, ...]) -> None:
        """Replace these trails in one commit. Repeating is safe."""
        self._documents.put({self._path(t.last.prober, t.last.target): msgspec.to_builtins(t) for t in trails})

    def _path(self, prober: Side, target: Side) -> str:
        return f"probes/{self._service}.{prober}.{target}"


def _trail(plain: object, path: str) -> ProbeTrail:
    try:
        return msgspec.convert(plain, ProbeTrail, strict=False)
    except msgspec.ValidationError as exc:
        raise DamagedRecord(
            f"read the probes {path}", found=str(exc), then="delete the document: the next probe writes it anew"
        ) from exc

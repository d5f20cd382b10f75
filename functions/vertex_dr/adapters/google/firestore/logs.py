"""What is noted beside the selector, each note replaced by the next: the probers' trails and the sides' readiness."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vertex_dr.kernel.errors import DamagedRecord
from vertex_dr.kernel.sides import Side
from vertex_dr.traffic.probes import ProbeTrail
from vertex_dr.traffic.records import Readiness

if TYPE_CHECKING:
    from vertex_dr.adapters.google.firestore.documents import FirestoreDocuments

__all__ = ["FirestoreProbes", "FirestoreReadiness"]


class FirestoreProbes:
    """Implements ProbeLog: documents `probes/<service>.<prober>.<target>`, one a prober and target."""

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


class FirestoreReadiness:
    """Implements ReadinessLog: documents `readiness/<service>.<side>`, what a side last said."""

    def __init__(self, documents: FirestoreDocuments, *, service: str) -> None:
        self._documents = documents
        self._service = service

    def readiness(self, side: Side) -> Readiness | None:
        """Return what was recorded last, if anything."""
        found = self._documents.get(self._path(side))
        if found is None:
            return None
        try:
            return msgspec.convert(found.values, Readiness, strict=False)
        except msgspec.ValidationError as exc:
            raise DamagedRecord(
                f"read the readiness of {side} from {self._path(side)}",
                found=str(exc),
                then="run verify_replicas on that side: it writes the document anew",
            ) from exc

    def record(self, readiness: Readiness) -> None:
        """Make this the side's newest readiness. Repeating is safe."""
        self._documents.put({self._path(readiness.side): msgspec.to_builtins(readiness)})

    def _path(self, side: Side) -> str:
        return f"readiness/{self._service}.{side}"

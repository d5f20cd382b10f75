"""What a side last said of its readiness, one document a side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vertex_dr.kernel.errors import DamagedRecord
from vertex_dr.traffic.records import Readiness

if TYPE_CHECKING:
    from vertex_dr.adapters.google.firestore.documents import FirestoreDocuments
    from vertex_dr.kernel.sides import Side

__all__ = ["FirestoreReadiness"]


class FirestoreReadiness:
    """Implements ReadinessLog: documents `readiness/<service>.<side>`."""

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

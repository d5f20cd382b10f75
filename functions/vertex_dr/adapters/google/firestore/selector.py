"""The selector in Firestore: the one place where flips are decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from vertex_dr.adapters.google.firestore.values import Versioned, plain_of
from vertex_dr.kernel.errors import DamagedRecord, NotFound
from vertex_dr.traffic.records import Change, Selector, Stored

if TYPE_CHECKING:
    from vertex_dr.adapters.google.clients import Clients
    from vertex_dr.adapters.google.firestore.documents import FirestoreDocuments

__all__ = ["FirestoreSelector", "FirestoreSelectorReader"]

READ_SECONDS = 1.5


class FirestoreSelectorReader:
    """Implements SelectorReader with one GET, for clients: it loads no client library."""

    def __init__(self, clients: Clients) -> None:
        settings = clients.settings
        self._http = clients.http
        self._name = (
            f"projects/{settings.project}/databases/{settings.selector_database}/documents/selectors/{settings.service}"
        )
        self._url = f"{clients.url('firestore')}/v1/{self._name}"

    def read(self) -> Selector:
        """Return the selector as it is now; the port says what is raised."""
        document = self._http.get_json(self._url, tried=f"read the selector {self._name}", timeout_seconds=READ_SECONDS)
        return _selector(plain_of(document.get("fields", {})), source=self._name)


class FirestoreSelector:
    """Implements SelectorStore: document `selectors/<service>`, changes below it by epoch."""

    def __init__(self, documents: FirestoreDocuments, *, service: str) -> None:
        self._documents = documents
        self._service = service
        self._path = f"selectors/{service}"

    def read(self) -> Selector:
        """Return the selector as it is now; the port says what is raised."""
        return self.stored().selector

    def stored(self) -> Stored:
        """Return the selector with its document's update time."""
        found = self._documents.get(self._path)
        if found is None:
            raise NotFound(
                f"read the selector of {self._service}",
                found=f"there is no document {self._documents.name(self._path)}",
                then="run probe_region once, it creates the selector; or check VERTEX_DR_SERVICE",
            )
        selector = _selector(found.values, source=self._documents.name(self._path))
        return Stored(selector=selector, version=found.version)

    def create(self, change: Change) -> None:
        """Make selector and change exist, both or neither. Raises FlipLost when either exists already."""
        self._documents.write(
            f"create the selector of {self._service}",
            create={self._path: _plain(change.selector), self._change_path(change.selector.epoch): _plain(change)},
        )

    def commit(self, change: Change, *, replaces: Stored) -> None:
        """Replace the selector and create its change in one commit, which has exactly one winner.

        Raises FlipLost when the selector is no longer the one read or the epoch is taken, and Unreachable when the
        answer was lost.
        """
        self._documents.write(
            f"send {self._service} to {change.selector.active} under epoch {change.selector.epoch}",
            create={self._change_path(change.selector.epoch): _plain(change)},
            replace={self._path: Versioned(_plain(change.selector), replaces.version)},
        )

    def amend(self, selector: Selector, *, replaces: Stored) -> None:
        """Replace the selector within its epoch. Raises FlipLost when it is no longer the one read."""
        self._documents.write(
            f"amend the selector of {self._service}",
            replace={self._path: Versioned(_plain(selector), replaces.version)},
        )

    def change(self, epoch: int) -> Change | None:
        """Return the accepted flip of that epoch, if there is one."""
        found = self._documents.get(self._change_path(epoch))
        return _change(found.values, self._change_path(epoch)) if found else None

    def changes(self) -> tuple[Change, ...]:
        """Return every accepted flip, by epoch."""
        kept = self._documents.all_of(f"{self._path}/changes")
        return tuple(sorted((_change(plain, self._path) for plain in kept), key=lambda change: change.selector.epoch))

    def _change_path(self, epoch: int) -> str:
        return f"{self._path}/changes/{epoch}"


def _plain(record: Selector | Change) -> dict[str, Any]:
    return dict(msgspec.to_builtins(record))


def _change(plain: dict[str, Any], path: str) -> Change:
    try:
        return msgspec.convert(plain, Change, strict=False)
    except msgspec.ValidationError as exc:
        raise DamagedRecord(
            f"read the change {path}", found=str(exc), then="restore the document from a backup of the database"
        ) from exc


def _selector(plain: dict[str, Any], *, source: str) -> Selector:
    """Return the selector that a document holds. Raises DamagedRecord, naming the field, when one is missing."""
    missing = [name for name in Selector.__struct_fields__ if name not in plain]
    if missing:
        problem = f"Object missing required field `{'`, `'.join(missing)}`"
    else:
        try:
            return msgspec.convert(plain, Selector, strict=False)
        except msgspec.ValidationError as exc:
            problem = str(exc)
    raise DamagedRecord(
        f"read the selector from {source}",
        found=problem,
        then="put the field back as the newest document under its `changes` has it, or delete the selector: "
        "the next run of probe_region restores it from its copies",
    )

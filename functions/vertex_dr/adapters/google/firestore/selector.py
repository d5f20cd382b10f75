"""The selector in Firestore: the one place where flips are decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from vertex_dr.adapters.google.firestore.selector_over_rest import selector_from
from vertex_dr.kernel.errors import DamagedRecord, NotFound
from vertex_dr.traffic.records import Change, Selector, Stored

if TYPE_CHECKING:
    from vertex_dr.adapters.google.firestore.documents import Documents

__all__ = ["SelectorInFirestore"]


class SelectorInFirestore:
    """Implements SelectorStore: document `selectors/<service>`, changes below it by epoch."""

    def __init__(self, documents: Documents, *, service: str) -> None:
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
        plain, version = found
        return Stored(selector=selector_from(plain, source=self._documents.name(self._path)), version=version)

    def create(self, change: Change) -> None:
        """Make selector and change exist, both or neither."""
        self._documents.write(
            f"create the selector of {self._service}",
            create={self._path: _plain(change.selector), self._change_path(change.selector.epoch): _plain(change)},
        )

    def commit(self, change: Change, *, replaces: Stored) -> None:
        """Replace the selector if it is still the one read, and create its change, both or neither."""
        self._documents.write(
            f"send {self._service} to {change.selector.active} under epoch {change.selector.epoch}",
            create={self._change_path(change.selector.epoch): _plain(change)},
            replace={self._path: (_plain(change.selector), replaces.version)},
        )

    def amend(self, selector: Selector, *, replaces: Stored) -> None:
        """Replace the selector if it is still the one read."""
        self._documents.write(
            f"amend the selector of {self._service}", replace={self._path: (_plain(selector), replaces.version)}
        )

    def change(self, epoch: int) -> Change | None:
        """Return the accepted flip of that epoch, if there is one."""
        found = self._documents.get(self._change_path(epoch))
        return _change(found[0], self._change_path(epoch)) if found else None

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

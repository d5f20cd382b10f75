"""Documents of the selector's database, through Firestore's own client over REST: one commit writes all or none."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from google.api_core.exceptions import GoogleAPICallError, NotFound
from google.cloud.firestore_v1.types import CommitRequest, Document, ListDocumentsRequest, Precondition, Write
from google.protobuf import json_format

from vertex_dr.adapters.google.errors import translated
from vertex_dr.adapters.google.firestore.values import Versioned, fields_of, plain_of
from vertex_dr.kernel.errors import FlipLost

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from google.cloud.firestore_v1.services.firestore import FirestoreClient

__all__ = ["FirestoreDocuments"]

TIMEOUT_SECONDS = 4.0
# A race is lost with ALREADY_EXISTS or ABORTED (409) or FAILED_PRECONDITION (400, like requests that are wrong).
_CONFLICT, _BAD_REQUEST = 409, 400


class FirestoreDocuments:
    """Reads and commits documents by their path below the database's root."""

    def __init__(self, client: FirestoreClient, *, project: str, database: str) -> None:
        self._client = client
        self._database = f"projects/{project}/databases/{database}"

    def name(self, path: str) -> str:
        """Return the full name of the document at that path."""
        return f"{self._database}/documents/{path}"

    def get(self, path: str) -> Versioned | None:
        """Return the document, or None when there is none."""
        with translated(f"read {self.name(path)}"):
            try:
                found = self._client.get_document(
                    request={"name": self.name(path)}, retry=None, timeout=TIMEOUT_SECONDS
                )
            except NotFound:
                return None
        return Versioned(_plain(found), _version(found))

    def all_of(self, collection: str) -> list[dict[str, Any]]:
        """Return the plain values of every document of a collection, by id."""
        parent, _, last = f"{self._database}/documents/{collection}".rpartition("/")
        request = ListDocumentsRequest(parent=parent, collection_id=last, page_size=300)
        with translated(f"list {parent}/{last}"):
            pages = self._client.list_documents(request=request, retry=None, timeout=TIMEOUT_SECONDS)
            return [_plain(document) for document in pages]

    def put(self, documents: Mapping[str, dict[str, Any]]) -> None:
        """Replace the documents at these paths, whatever their version, all or none; repeating is safe."""
        self._commit(
            [self._write(path, plain) for path, plain in documents.items()], tried=f"write {', '.join(documents)}"
        )

    def write(
        self,
        tried: str,
        *,
        create: Mapping[str, dict[str, Any]] | None = None,
        replace: Mapping[str, Versioned] | None = None,
    ) -> None:
        """Create and replace documents by path, all or none.

        Raises FlipLost when one to create exists already, or one to replace is no longer of the version given.
        """
        writes = [self._write(path, plain, Precondition(exists=False)) for path, plain in (create or {}).items()] + [
            self._write(path, new.values, _at(new.version)) for path, new in (replace or {}).items()
        ]
        self._commit(writes, tried=tried)

    def _write(self, path: str, plain: dict[str, Any], only_if: Precondition | None = None) -> Write:
        document = Document(name=self.name(path))
        json_format.ParseDict({"fields": fields_of(plain)}, Document.pb(document))
        return Write(update=document, current_document=only_if)

    def _commit(self, writes: list[Write], *, tried: str) -> None:
        request = CommitRequest(database=self._database, writes=writes)
        with _won(tried):
            self._client.commit(request=request, retry=None, timeout=TIMEOUT_SECONDS)


def _at(version: str) -> Precondition:
    precondition = Precondition()
    json_format.ParseDict({"updateTime": version}, Precondition.pb(precondition))
    return precondition


def _plain(document: Document) -> dict[str, Any]:
    return plain_of(json_format.MessageToDict(Document.pb(document)).get("fields", {}))


def _version(document: Document) -> str:
    return str(json_format.MessageToDict(Document.pb(document))["updateTime"])


@contextmanager
def _won(tried: str) -> Iterator[None]:
    """Raise FlipLost when a precondition of the commit did not hold, and the kernel's other errors as ever."""
    with translated(tried):
        try:
            yield
        except GoogleAPICallError as exc:
            if not _is_lost(exc):
                raise
            raise FlipLost(tried, found=exc.message, then="look at vertex-dr status before flipping again") from exc


def _is_lost(error: GoogleAPICallError) -> bool:
    if error.code == _BAD_REQUEST and error.response is not None:
        return bool(error.response.json().get("error", {}).get("status") == "FAILED_PRECONDITION")
    return bool(error.code == _CONFLICT)

"""Objects in Cloud Storage: read, written once, copied inside Cloud Storage."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from vertex_dr.adapters.google.calls import ask, ask_once
from vertex_dr.adapters.google.in_flight import InFlight
from vertex_dr.kernel.errors import BadInput, NotFound, Refused, ReplicaMismatch
from vertex_dr.kernel.records import Record
from vertex_dr.replication.artifacts import FileDigest

if TYPE_CHECKING:
    from vertex_dr.adapters.google.clients import Clients

__all__ = ["StorageObjects"]

_TIMEOUT_SECONDS = 60.0


class _Rewrite(Record, frozen=True, kw_only=True):
    """How far a rewrite is, and the token with which it goes on."""

    token: str
    bytes_rewritten: int


@dataclass(frozen=True)
class StorageObjects:
    """Implements replication's ArtifactStore."""

    clients: Clients

    @cached_property
    def _client(self) -> Any:
        return self.clients.storage()

    def files(self, prefix: str) -> dict[str, FileDigest]:
        """Return every object below the gs:// prefix, by its name relative to it."""
        bucket, path = _split(prefix)

        def listed() -> list[Any]:
            return list(self._client.list_blobs(bucket, prefix=path, retry=None, timeout=_TIMEOUT_SECONDS))

        blobs = ask(f"list {prefix}", listed)
        return {blob.name.removeprefix(path): _digest(blob) for blob in blobs if not blob.name.endswith("/")}

    def read(self, uri: str) -> bytes:
        """Return the object's content."""
        content: bytes = ask(
            f"read {uri}", lambda: self._blob(uri).download_as_bytes(retry=None, timeout=_TIMEOUT_SECONDS)
        )
        return content

    def write_once(self, uri: str, content: bytes) -> None:
        """Make the object exist with that content; an existing one must be the same."""
        blob = self._blob(uri)
        kind = "application/json" if uri.endswith(".json") else "application/octet-stream"

        def write() -> None:
            blob.upload_from_string(
                content,
                content_type=kind,
                if_generation_match=0,
                checksum="crc32c",
                retry=None,
                timeout=_TIMEOUT_SECONDS,
            )

        try:
            ask(f"write {uri}", write)
        except Refused as error:
            if self.read(uri) == content:
                return
            raise ReplicaMismatch(
                f"write {uri}",
                found="it exists with other content, and names there are written once",
                then="find out who wrote it; delete it (its generation is kept) if it is wrong",
            ) from error

    def copy_once(self, source: str, destination: str, *, expected: FileDigest | None = None) -> FileDigest:
        """Make the destination exist with the source's content, copied inside Cloud Storage."""
        wanted = self._digest_of(source)
        if expected is not None and wanted != expected:
            raise _mismatch(f"copy {source} to {destination}", source, expected, wanted)
        try:
            ask(f"copy {source} to {destination}", lambda: self._rewrite(source, destination, wanted))
        except Refused as error:
            found = self._digest_of(destination)
            if found != wanted:
                raise _mismatch(f"copy {source} to {destination}", destination, wanted, found) from error
            return found
        found = self._digest_of(destination)
        if found != wanted:
            raise _mismatch(f"copy {source} to {destination}", destination, wanted, found)
        return found

    def _rewrite(self, source: str, destination: str, content: FileDigest) -> None:
        """Rewrite until it is done; one that a function left unfinished goes on where it stopped."""
        subject = f"{source} with crc32c {content.crc32c} to {destination}"
        notes = InFlight(self.clients, "rewrites")
        progress = self._rewritten(source, destination, None)
        kept = notes.newest(subject, _Rewrite) if progress else None
        if progress and kept and kept.bytes_rewritten > progress.bytes_rewritten:
            try:
                progress = self._rewritten(source, destination, kept.token)
            except BadInput:
                kept = None  # the token has expired: the rewrite that has just begun goes on instead
        while progress:
            if progress != kept:
                notes.keep(subject, progress, number=progress.bytes_rewritten)
            progress = self._rewritten(source, destination, progress.token)

    def _rewritten(self, source: str, destination: str, token: str | None) -> _Rewrite | None:
        """Make one call of a rewrite, and return how far it is, or None when it is done."""
        origin, target = self._blob(source), self._blob(destination)
        token, done, _ = ask_once(
            f"copy {source} to {destination}",
            lambda: target.rewrite(origin, token=token, if_generation_match=0, retry=None, timeout=_TIMEOUT_SECONDS),
        )
        return None if token is None else _Rewrite(token=token, bytes_rewritten=int(done))

    def _digest_of(self, uri: str) -> FileDigest:
        bucket, path = _split(uri)
        blob = ask(
            f"look at {uri}", lambda: self._client.bucket(bucket).get_blob(path, retry=None, timeout=_TIMEOUT_SECONDS)
        )
        if blob is None:
            raise NotFound(f"read {uri}", found="there is no such object", then="observe again: someone has deleted it")
        return _digest(blob)

    def _blob(self, uri: str) -> Any:
        bucket, path = _split(uri)
        return self._client.bucket(bucket).blob(path)


def _split(uri: str) -> tuple[str, str]:
    bucket, slash, path = uri.removeprefix("gs://").partition("/")
    if not uri.startswith("gs://") or not bucket or not slash:
        raise BadInput(f"find the object {uri!r}", found="it is not of the form gs://BUCKET/NAME", then="correct it")
    return bucket, path


def _digest(blob: Any) -> FileDigest:
    return FileDigest(crc32c=blob.crc32c, size=int(blob.size or 0))


def _mismatch(tried: str, uri: str, expected: FileDigest, found: FileDigest) -> ReplicaMismatch:
    return ReplicaMismatch(
        tried,
        found=f"{uri} has crc32c {found.crc32c} ({found.size} bytes), expected is {expected.crc32c} "
        f"({expected.size} bytes)",
        then="delete that object (its older generation is kept) and run it again",
    )

"""The files of a model version, and one digest over them that is the same wherever they lie."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from vertex_dr.kernel.records import Record

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ArtifactDigest", "FileDifference", "FileDigest"]

_LABEL_LENGTH = 63


class FileDigest(Record, frozen=True, kw_only=True):
    """What Cloud Storage says of one object's content: base64 of the big-endian CRC32C, and the number of bytes."""

    crc32c: str
    size: int


class FileDifference(Record, frozen=True, kw_only=True):
    """The name of a file that is not as expected, and in words what was expected and found under it."""

    name: str
    expected: str
    found: str


class ArtifactDigest(Record, frozen=True, kw_only=True):
    """The files of a model version, each with its checksum, and one digest over all of them."""

    uri: str
    files: dict[str, FileDigest]
    digest: str

    @classmethod
    def of(cls, uri: str, files: Mapping[str, FileDigest]) -> ArtifactDigest:
        """Return the artifact that these files below uri make up."""
        lines = "".join(f"{name} {files[name].crc32c} {files[name].size}\n" for name in sorted(files))
        digest = hashlib.sha256(lines.encode()).hexdigest()
        return cls(uri=uri, files={name: files[name] for name in sorted(files)}, digest=digest)

    @property
    def label(self) -> str:
        """Return as much of the digest as a label's value holds."""
        return self.digest[:_LABEL_LENGTH]

    def first_difference(self, found: Mapping[str, FileDigest]) -> FileDifference | None:
        """Return the first of the found files that is not as in this artifact, or None when all are."""
        for name in sorted(self.files.keys() | found.keys()):
            wanted, seen = self.files.get(name), found.get(name)
            if wanted != seen:
                return FileDifference(name=name, expected=_in_words(wanted), found=_in_words(seen))
        return None


def _in_words(file: FileDigest | None) -> str:
    return "no such file" if file is None else f"crc32c {file.crc32c}, {file.size} bytes"

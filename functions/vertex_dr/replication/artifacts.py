"""One digest over the files of a model version, the same wherever the files lie."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from vertex_dr.replication.records import ArtifactDigest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vertex_dr.replication.records import FileDigest

__all__ = ["artifact_of", "digest_label", "first_difference"]

_LABEL_LENGTH = 63


def artifact_of(uri: str, files: Mapping[str, FileDigest]) -> ArtifactDigest:
    """Return the artifact that these files below uri make up."""
    lines = "".join(f"{name} {files[name].crc32c} {files[name].size}\n" for name in sorted(files))
    digest = hashlib.sha256(lines.encode()).hexdigest()
    return ArtifactDigest(uri=uri, files={name: files[name] for name in sorted(files)}, digest=digest)


def digest_label(artifact: ArtifactDigest) -> str:
    """Return as much of the digest as a label's value holds."""
    return artifact.digest[:_LABEL_LENGTH]


def first_difference(expected: ArtifactDigest, found: Mapping[str, FileDigest]) -> tuple[str, str, str] | None:
    """Return the first file that is not as expected, as (name, expected, found), or None when all are."""
    for name in sorted(expected.files.keys() | found.keys()):
        wanted, seen = expected.files.get(name), found.get(name)
        if wanted != seen:
            return name, _spelled(wanted), _spelled(seen)
    return None


def _spelled(file: FileDigest | None) -> str:
    return "no such file" if file is None else f"crc32c {file.crc32c}, {file.size} bytes"

"""Objects in memory."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field

import google_crc32c

from tests.memory.scripted import FaultPlan, faulty
from vertex_dr.kernel.errors import NotFound, ReplicaMismatch
from vertex_dr.replication.artifacts import FileDigest


def digest_of(content: bytes) -> FileDigest:
    checksum = base64.b64encode(google_crc32c.Checksum(content).digest()).decode()
    return FileDigest(crc32c=checksum, size=len(content))


@dataclass(slots=True)
class MemoryArtifacts:
    """Implements ArtifactStore."""

    objects: dict[str, bytes] = field(default_factory=dict)
    faults: FaultPlan = field(default_factory=FaultPlan)

    @faulty
    def files(self, prefix: str) -> dict[str, FileDigest]:
        return {uri.removeprefix(prefix): digest_of(c) for uri, c in self.objects.items() if uri.startswith(prefix)}

    @faulty
    def read(self, uri: str) -> bytes:
        if uri not in self.objects:
            raise NotFound(f"read {uri}", found="there is no such object", then="look again")
        return self.objects[uri]

    @faulty
    def write_once(self, uri: str, content: bytes) -> None:
        if self.objects.setdefault(uri, content) != content:
            raise ReplicaMismatch(f"write {uri}", found="it exists with other content", then="look")

    @faulty
    def copy_once(self, source: str, destination: str, *, expected: FileDigest | None = None) -> FileDigest:
        content = self.read(source)
        for uri, wanted, found in (
            (source, expected or digest_of(content), digest_of(content)),
            (destination, digest_of(content), digest_of(self.objects.get(destination, content))),
        ):
            if wanted != found:
                raise ReplicaMismatch(
                    f"copy {source} to {destination}",
                    found=f"{uri} has crc32c {found.crc32c}, expected is {wanted.crc32c}",
                    then="delete it",
                )
        self.objects[destination] = content
        return digest_of(content)

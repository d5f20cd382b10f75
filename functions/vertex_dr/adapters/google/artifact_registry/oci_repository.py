"""The data plane of one Docker repository of Artifact Registry: the OCI distribution protocol.

https://github.com/opencontainers/distribution-spec/blob/main/spec.md
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from vertex_dr.adapters.google.calls import ask
from vertex_dr.kernel.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vertex_dr.adapters.google.data_plane import Http

__all__ = ["BlobStream", "DockerPlane", "StoredManifest"]

_MANIFESTS = (
    "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, "
    "application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.docker.distribution.manifest.v2+json"
)
_PART = 1 << 20


@dataclass(frozen=True, slots=True)
class StoredManifest:
    """A manifest as its repository keeps it: bytes, since the digest is theirs."""

    media_type: str
    content: bytes


class BlobStream:
    """A blob on its way from one repository to another: read part by part, never held as a whole."""

    def __init__(self, answer: Any) -> None:
        self._answer = answer
        self._size = int(answer.headers["Content-Length"])

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[bytes]:
        parts: Iterator[bytes] = self._answer.iter_content(_PART)
        return parts


@dataclass(frozen=True, slots=True)
class DockerPlane:
    """Manifests and blobs below one repository's address, such as https://REGION-docker.pkg.dev/v2/PROJECT/REPO."""

    http: Http
    url: str

    def manifest(self, image: str, reference: str) -> StoredManifest:
        """Return the manifest that the tag or digest names. Raises NotFound when there is none."""
        url = f"{self.url}/{image}/manifests/{reference}"
        answer = ask(f"pull {url}", lambda: self.http.send("GET", url, headers={"Accept": _MANIFESTS}))
        return StoredManifest(media_type=answer.headers["Content-Type"], content=answer.content)

    def digest(self, image: str, reference: str) -> str | None:
        """Return the digest of the manifest that the tag or digest names, or None when there is none."""
        url = f"{self.url}/{image}/manifests/{reference}"
        try:
            answer = ask(f"look at {url}", lambda: self.http.send("HEAD", url, headers={"Accept": _MANIFESTS}))
        except NotFound:
            return None
        return str(answer.headers["Docker-Content-Digest"])

    def put_manifest(self, image: str, reference: str, manifest: StoredManifest) -> None:
        """Make the tag or digest name the manifest; repeating is safe."""
        url = f"{self.url}/{image}/manifests/{reference}"
        headers = {"Content-Type": manifest.media_type}
        ask(f"push {url}", lambda: self.http.send("PUT", url, data=manifest.content, headers=headers))

    def has_blob(self, image: str, digest: str) -> bool:
        """Return whether the repository holds the blob."""
        url = f"{self.url}/{image}/blobs/{digest}"
        try:
            ask(f"look at {url}", lambda: self.http.send("HEAD", url))
        except NotFound:
            return False
        return True

    def copy_blob(self, image: str, digest: str, *, source: DockerPlane) -> None:
        """Stream the blob from the source's repository into this one, which checks the digest. Repeating is safe."""
        ask(f"copy {image}@{digest} to {self.url}", lambda: self._copy(image, digest, source))

    def _copy(self, image: str, digest: str, source: DockerPlane) -> None:
        place = f"{self.url}/{image}/blobs/uploads/"
        started = self.http.send("POST", place, headers={"Content-Length": "0"})
        location = urljoin(place, started.headers["Location"])
        with source.http.send("GET", f"{source.url}/{image}/blobs/{digest}", stream=True) as answer:
            # Without a length there is nothing to stream by: the blob is read whole.
            data = BlobStream(answer) if int(answer.headers.get("Content-Length", 0)) else answer.content
            self.http.send(
                "PUT",
                location,
                params={"digest": digest},
                data=data,
                headers={"Content-Type": "application/octet-stream"},
            )

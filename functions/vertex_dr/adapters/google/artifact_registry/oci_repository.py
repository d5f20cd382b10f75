"""One Docker repository of Artifact Registry, over the OCI distribution protocol.

https://github.com/opencontainers/distribution-spec/blob/main/spec.md
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from vertex_dr.adapters.google.calls import CALL_SECONDS, ask
from vertex_dr.kernel.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from requests import Response

    from vertex_dr.adapters.google.http import Http

__all__ = ["BlobStream", "OciRepository", "StoredManifest"]

_MANIFESTS = (
    "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, "
    "application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.docker.distribution.manifest.v2+json"
)
_PART_BYTES = 1 << 20
_BLOB_SECONDS = 300.0  # a layer of gigabytes is on its way; anything else is a short answer


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
        parts: Iterator[bytes] = self._answer.iter_content(_PART_BYTES)
        return parts


@dataclass(frozen=True, slots=True)
class OciRepository:
    """Manifests and blobs below one repository's address, such as https://REGION-docker.pkg.dev/v2/PROJECT/REPO."""

    http: Http
    url: str

    def manifest(self, image: str, reference: str) -> StoredManifest:
        """Return the manifest that the tag or digest names. Raises NotFound when there is none."""
        url = f"{self.url}/{image}/manifests/{reference}"
        answer = self._ask("GET", url, tried=f"pull {url}", headers={"Accept": _MANIFESTS})
        return StoredManifest(media_type=answer.headers["Content-Type"], content=answer.content)

    def digest(self, image: str, reference: str) -> str | None:
        """Return the digest of the manifest that the tag or digest names, or None when there is none."""
        url = f"{self.url}/{image}/manifests/{reference}"
        try:
            answer = self._ask("HEAD", url, tried=f"look at {url}", headers={"Accept": _MANIFESTS})
        except NotFound:
            return None
        return str(answer.headers["Docker-Content-Digest"])

    def put_manifest(self, image: str, reference: str, manifest: StoredManifest) -> None:
        """Make the tag or digest name the manifest; repeating is safe."""
        url = f"{self.url}/{image}/manifests/{reference}"
        headers = {"Content-Type": manifest.media_type}
        self._ask("PUT", url, tried=f"push {url}", data=manifest.content, headers=headers)

    def has_blob(self, image: str, digest: str) -> bool:
        """Return whether the repository holds the blob."""
        url = f"{self.url}/{image}/blobs/{digest}"
        try:
            self._ask("HEAD", url, tried=f"look at {url}")
        except NotFound:
            return False
        return True

    def copy_blob(self, image: str, digest: str, *, source: OciRepository) -> None:
        """Stream the blob from the source's repository into this one, which checks the digest. Repeating is safe."""
        tried = f"copy {image}@{digest} to {self.url}"
        ask(tried, lambda: self._copy(image, digest, source, tried))

    def _copy(self, image: str, digest: str, source: OciRepository, tried: str) -> None:
        uploads = f"{self.url}/{image}/blobs/uploads/"
        started = self.http.send(
            "POST", uploads, tried=tried, timeout_seconds=CALL_SECONDS, headers={"Content-Length": "0"}
        )
        blob = f"{source.url}/{image}/blobs/{digest}"
        with source.http.send("GET", blob, tried=tried, timeout_seconds=_BLOB_SECONDS, stream=True) as answer:
            # Without a length there is nothing to stream by: the blob is read whole.
            data = BlobStream(answer) if int(answer.headers.get("Content-Length", 0)) else answer.content
            self.http.send(
                "PUT",
                urljoin(uploads, started.headers["Location"]),
                tried=tried,
                timeout_seconds=_BLOB_SECONDS,
                params={"digest": digest},
                data=data,
                headers={"Content-Type": "application/octet-stream"},
            )

    def _ask(self, method: str, url: str, *, tried: str, **parts: Any) -> Response:
        return ask(tried, lambda: self.http.send(method, url, tried=tried, timeout_seconds=CALL_SECONDS, **parts))

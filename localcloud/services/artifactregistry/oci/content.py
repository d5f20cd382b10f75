"""Content of a region's registry: files named by their digest, and uploads that grow beside them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from localcloud.services.artifactregistry.oci.digest import Digest
from localcloud.services.artifactregistry.oci.errors import digest_invalid

if TYPE_CHECKING:
    from pathlib import Path


class Content:
    """Bytes by digest. A file appears under its digest whole or not at all."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._uploads = root / "uploads"

    def path(self, digest: Digest) -> Path:
        """Where the bytes of this digest are, if they are here."""
        return self._root / digest.algorithm / digest.hex[:2] / digest.hex

    def has(self, digest: Digest) -> bool:
        """Whether the bytes are here."""
        return self.path(digest).is_file()

    def read(self, digest: Digest) -> bytes:
        """Return the bytes; raises FileNotFoundError when they are not here."""
        return self.path(digest).read_bytes()

    def add(self, data: bytes, algorithm: str = "sha256") -> Digest:
        """Make the bytes available under their digest. Repeating the call is safe."""
        digest = Digest.of(data, algorithm)
        staged = self.upload_path(self.begin_upload())
        staged.write_bytes(data)
        self._move(staged, digest)
        return digest

    def remove(self, digest: Digest) -> None:
        """Make the bytes go away. Repeating the call is safe."""
        self.path(digest).unlink(missing_ok=True)

    def begin_upload(self) -> str:
        """Make an empty upload, and return its id."""
        self._uploads.mkdir(parents=True, exist_ok=True)
        upload = uuid.uuid4().hex
        self.upload_path(upload).touch()
        return upload

    def upload_path(self, upload: str) -> Path:
        """Where an upload's bytes gather."""
        return self._uploads / upload

    def finish_upload(self, upload: str, digest: Digest) -> int:
        """Turn the upload into content of this digest, and return its size.

        Raises RegistryError 400 DIGEST_INVALID, and forgets the upload, when its bytes have another digest.
        """
        staged = self.upload_path(upload)
        found = Digest.of_file(staged, digest.algorithm)
        if found != digest:
            staged.unlink()
            raise digest_invalid(f"the uploaded bytes have the digest {found}, not {digest}; push the blob again")
        size = staged.stat().st_size
        self._move(staged, digest)
        return size

    def _move(self, staged: Path, digest: Digest) -> None:
        target = self.path(digest)
        target.parent.mkdir(parents=True, exist_ok=True)
        staged.replace(target)

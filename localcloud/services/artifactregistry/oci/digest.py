"""Digests: `algorithm:hex`, of the two algorithms that the image specification registers."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from localcloud.services.artifactregistry.oci.errors import digest_invalid

if TYPE_CHECKING:
    from pathlib import Path

_HEX_LENGTHS = {"sha256": 64, "sha512": 128}
_HEX = re.compile(r"[0-9a-f]+")


@dataclass(frozen=True, slots=True)
class Digest:
    """The identity of some bytes."""

    algorithm: str
    hex: str

    def __str__(self) -> str:
        return f"{self.algorithm}:{self.hex}"

    @classmethod
    def parse(cls, text: str) -> Digest:
        """Return the digest that the text spells; raises RegistryError 400 DIGEST_INVALID for any other text."""
        algorithm, _, value = text.partition(":")
        if len(value) != _HEX_LENGTHS.get(algorithm, -1) or not _HEX.fullmatch(value):
            known = " or ".join(f"{name}:<{length} hex digits>" for name, length in _HEX_LENGTHS.items())
            raise digest_invalid(f"cannot read the digest {text!r}: expected {known}")
        return cls(algorithm, value)

    @classmethod
    def of(cls, data: bytes, algorithm: str = "sha256") -> Digest:
        """Return the digest of the bytes."""
        return cls(algorithm, hashlib.new(algorithm, data).hexdigest())

    @classmethod
    def of_file(cls, path: Path, algorithm: str = "sha256") -> Digest:
        """Return the digest of the file's bytes, read once and never held whole."""
        with path.open("rb") as file:
            return cls(algorithm, hashlib.file_digest(file, algorithm).hexdigest())


def is_digest(reference: str) -> bool:
    """Tell a digest from a tag: tags have no colon."""
    return ":" in reference

"""The base of the tests' images: of set-up's Debian base what a server of the standard library needs, as one layer.

It is made once a machine, and kept in build/ under the digest of what it is made from.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import re
import tarfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_BASE = Path(__file__).parent.parent / "build" / "serving-base"
_KEPT = re.compile(
    r"\./(tmp|etc(/passwd|/group)?|usr(/(bin|lib))?|lib64|lib64/.*|(usr/)?lib/[^/]+-linux-gnu"
    r"|usr/bin/(python3(\.\d+)?|dash)|bin|bin/sh|bin/dash"
    r"|(usr/)?lib/[^/]+-linux-gnu/(ld-linux|libc\.|libm\.|libz\.|libexpat|libpthread|libdl|libutil|libffi|libssl|libcrypto)[^/]*"
    r"|usr/lib/python3\.\d+(/(.*\.so|[^/]+\.py|__pycache__(/.*)?)"
    r"|/(collections|concurrent|ctypes|email|encodings|html|http|importlib|json|lib-dynload|re|urllib)(/.*)?)?)"
)


@dataclass(frozen=True)
class ServingBase:
    """One layer, for this machine's processor."""

    layer: bytes
    digest: str
    diff_id: str
    architecture: str
    media_type: str = "application/vnd.oci.image.layer.v1.tar+gzip"

    @property
    def descriptor(self) -> dict[str, Any]:
        """What a manifest says of the layer."""
        return {"mediaType": self.media_type, "digest": self.digest, "size": len(self.layer)}


@cache
def serving_base() -> ServingBase:
    """Return the base, made where it was not."""
    listed = json.loads((_BASE / "index.json").read_text())["manifests"][0]
    manifest = json.loads(_blob(listed["digest"]).read_bytes())
    recipe = hashlib.sha256((listed["digest"] + _KEPT.pattern).encode()).hexdigest()[:12]
    kept = _BASE.with_name(f"tests-base-{recipe}.tar.gz")
    if not kept.exists():
        partial = kept.with_name(f".{kept.name}-{os.getpid()}")
        partial.write_bytes(gzip.compress(_filtered(_blob(manifest["layers"][0]["digest"])), 6, mtime=0))
        partial.replace(kept)
    layer = kept.read_bytes()
    return ServingBase(layer, _digest(layer), _digest(gzip.decompress(layer)), listed["platform"]["architecture"])


def add_layer(files: dict[str, str]) -> tuple[bytes, str]:
    """Return a gzipped layer of these files, and its diff id."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    return gzip.compress(buffer.getvalue(), mtime=0), _digest(buffer.getvalue())


def _filtered(layer: Path) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(layer) as source, tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as target:
        for member in source:
            if _KEPT.fullmatch(member.name):
                target.addfile(member, source.extractfile(member) if member.isfile() else None)
    return buffer.getvalue()


def _blob(digest: str) -> Path:
    return _BASE / "blobs" / "sha256" / digest.removeprefix("sha256:")


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"

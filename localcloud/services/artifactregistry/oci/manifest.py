"""Manifests: what the registry must understand of the documents that are pushed to it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from localcloud.services.artifactregistry.oci.digest import Digest
from localcloud.services.artifactregistry.oci.errors import manifest_invalid

OCI_IMAGE = "application/vnd.oci.image.manifest.v1+json"
OCI_INDEX = "application/vnd.oci.image.index.v1+json"
DOCKER_IMAGE = "application/vnd.docker.distribution.manifest.v2+json"
DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
_INDEXES = (OCI_INDEX, DOCKER_LIST)
_NOT_DISTRIBUTED = ("nondistributable", "foreign")
"""Layers of these kinds may stay outside the registry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One pushed document, read."""

    media_type: str
    artifact_type: str
    blobs: tuple[Digest, ...]
    manifests: tuple[Digest, ...]
    subject: Digest | None
    annotations: dict[str, str]
    content_size: int
    """Sum of the sizes that the document states for its config and layers."""

    @property
    def is_index(self) -> bool:
        """Whether the document lists other manifests."""
        return self.media_type in _INDEXES


def read_manifest(data: bytes, content_type: str) -> Manifest:
    """Return the manifest that the bytes hold; raises RegistryError 400 MANIFEST_INVALID saying what is wrong."""
    document = _document(data)
    declared = content_type.partition(";")[0].strip()
    media_type = document.get("mediaType") or declared or _guess(document)
    if declared and declared != media_type and declared not in {"application/json", "application/octet-stream"}:
        raise manifest_invalid(f"the manifest says mediaType {media_type!r}, the request's Content-Type {declared!r}")
    config = _descriptor(document.get("config"), "config")
    layers = [found for entry in _entries(document, "layers") if (found := _descriptor(entry, "layers"))]
    listed = [found for entry in _entries(document, "manifests") if (found := _descriptor(entry, "manifests"))]
    subject = _descriptor(document.get("subject"), "subject")
    here = [entry for entry in layers if not any(word in entry["mediaType"] for word in _NOT_DISTRIBUTED)]
    return Manifest(
        media_type=media_type,
        artifact_type=document.get("artifactType") or (config["mediaType"] if config else ""),
        blobs=tuple(entry["digest"] for entry in ([config] if config else []) + here),
        manifests=tuple(entry["digest"] for entry in listed),
        subject=subject["digest"] if subject else None,
        annotations={str(key): str(value) for key, value in (document.get("annotations") or {}).items()},
        content_size=sum(entry["size"] for entry in ([config] if config else []) + layers),
    )


def _document(data: bytes) -> dict[str, Any]:
    try:
        document = json.loads(data)
    except ValueError as error:
        raise manifest_invalid(f"the manifest is not JSON: {error}") from None
    if not isinstance(document, dict):
        raise manifest_invalid("the manifest is not a JSON object")
    if document.get("schemaVersion") != 2:  # noqa: PLR2004 - the only version of the schema still in use
        raise manifest_invalid(f"schemaVersion is {document.get('schemaVersion')!r}, expected 2")
    return document


def _guess(document: dict[str, Any]) -> str:
    return OCI_INDEX if "manifests" in document else OCI_IMAGE


def _entries(document: dict[str, Any], field: str) -> list[Any]:
    entries = document.get(field)
    if entries is None:
        return []
    if not isinstance(entries, list):
        raise manifest_invalid(f"{field} is not a list")
    return entries


def _descriptor(entry: Any, field: str) -> dict[str, Any] | None:
    if entry is None:
        return None
    if not isinstance(entry, dict) or not isinstance(entry.get("digest"), str):
        raise manifest_invalid(f"a descriptor under {field} has no digest")
    return {
        "digest": Digest.parse(entry["digest"]),
        "mediaType": str(entry.get("mediaType", "")),
        "size": int(entry.get("size") or 0),
    }

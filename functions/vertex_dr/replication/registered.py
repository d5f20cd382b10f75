"""A model version as one region's registry shows it, and as it is given to it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from vertex_dr.kernel.records import Record
from vertex_dr.replication.records import ContainerSpec

__all__ = ["DIGEST_LABEL", "ORIGIN_LABEL", "NewVersion", "RegisteredVersion"]

ORIGIN_LABEL = "vertex-dr-origin"
DIGEST_LABEL = "vertex-dr-digest"


class RegisteredVersion(Record, frozen=True, kw_only=True):
    """What the registry says of one version; labels are all of them, the image as it was uploaded."""

    model: str
    version: str
    display_name: str
    description: str = ""
    version_description: str = ""
    labels: dict[str, str] = msgspec.field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    created_at: datetime
    artifact_uri: str = ""
    container: ContainerSpec


class NewVersion(Record, frozen=True, kw_only=True):
    """A version to register."""

    model: str
    display_name: str
    description: str = ""
    version_description: str = ""
    labels: dict[str, str] = msgspec.field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    artifact_uri: str
    container: ContainerSpec

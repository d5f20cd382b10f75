"""Names inside Vertex AI: models with versions, and what may be an id or an alias."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from localcloud.core.errors import ApiError

API = "aiplatform"
ALIAS = re.compile(r"[a-z][a-zA-Z0-9-]{0,126}[a-z0-9-]")
_MODEL_ID = re.compile(r"[a-z0-9_][a-z0-9_-]{0,62}")
PACKAGE = "type.googleapis.com/google.cloud.aiplatform.v1"
EMPTY = {"@type": "type.googleapis.com/google.protobuf.Empty"}
"""Response of an operation that has nothing to say."""


class VersionedName(NamedTuple):
    """A model's name, and the version or alias behind its `@`."""

    model: str
    reference: str


def typed(kind: str, message: dict[str, Any]) -> dict[str, Any]:
    """Return the message with the @type that an operation's response or metadata has to say."""
    return {"@type": f"{PACKAGE}.{kind}", **message}


def split_version(name: str) -> VersionedName:
    """Return a model's name and the version or alias behind its `@`, which is `default` without one."""
    model, _, version = name.partition("@")
    return VersionedName(model, version or "default")


def check_model_id(model_id: str) -> str:
    """Return the id; raises ApiError 400 when it may not be a model's."""
    if not _MODEL_ID.fullmatch(model_id):
        raise ApiError.invalid(
            f"model_id {model_id!r} is not allowed: up to 63 of [a-z0-9_-], the first no dash; choose another"
        )
    return model_id


def check_alias(alias: str) -> str:
    """Return the alias; raises ApiError 400 when it may not be one."""
    if not ALIAS.fullmatch(alias):
        raise ApiError.invalid(
            f"version alias {alias!r} does not match [a-z][a-zA-Z0-9-]{{0,126}}[a-z0-9-]; choose another"
        )
    return alias

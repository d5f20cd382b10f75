"""Errors of the OCI distribution protocol, with the codes that its specification lists.

RegistryError
├── name_unknown, blob_unknown, manifest_unknown, upload_unknown     404
├── digest_invalid, name_invalid, manifest_invalid, manifest_blob_unknown, unsupported     400
├── too_large     413
└── range_invalid     416
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class RegistryError(Exception):
    """A request that the registry refuses; `headers` go out with the answer."""

    def __init__(self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})

    def body(self) -> dict[str, object]:
        """The JSON document that the specification prescribes for an error."""
        return {"errors": [{"code": self.code, "message": self.message, "detail": {}}]}


def name_unknown(message: str) -> RegistryError:
    """The repository is not in this registry."""
    return RegistryError(404, "NAME_UNKNOWN", message)


def name_invalid(message: str) -> RegistryError:
    """The image name breaks the grammar of names."""
    return RegistryError(400, "NAME_INVALID", message)


def blob_unknown(message: str) -> RegistryError:
    """The image has no such blob."""
    return RegistryError(404, "BLOB_UNKNOWN", message)


def manifest_unknown(message: str) -> RegistryError:
    """The image has no such manifest or tag."""
    return RegistryError(404, "MANIFEST_UNKNOWN", message)


def manifest_invalid(message: str) -> RegistryError:
    """The pushed manifest cannot be read as one."""
    return RegistryError(400, "MANIFEST_INVALID", message)


def manifest_blob_unknown(message: str) -> RegistryError:
    """The pushed manifest names content that was not pushed before it."""
    return RegistryError(400, "MANIFEST_BLOB_UNKNOWN", message)


def digest_invalid(message: str) -> RegistryError:
    """A digest cannot be read, or the content has another one."""
    return RegistryError(400, "DIGEST_INVALID", message)


def upload_unknown(message: str) -> RegistryError:
    """The upload was finished, cancelled, or never begun."""
    return RegistryError(404, "BLOB_UPLOAD_UNKNOWN", message)


def range_invalid(message: str, headers: Mapping[str, str] | None = None) -> RegistryError:
    """The range asked for, or the chunk sent, does not fit."""
    return RegistryError(416, "BLOB_UPLOAD_INVALID", message, headers)


def too_large(message: str) -> RegistryError:
    """The manifest is larger than a registry takes."""
    return RegistryError(413, "MANIFEST_INVALID", message)


def unsupported(message: str) -> RegistryError:
    """The method is not one of this path's."""
    return RegistryError(405, "UNSUPPORTED", message)

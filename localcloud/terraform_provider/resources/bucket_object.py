"""google_storage_bucket_object: an upload of a text or a file."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from localcloud.terraform_provider.errors import ProviderError
from localcloud.terraform_provider.resources.standard import StandardResource
from localcloud.terraform_provider.values import UNKNOWN, Values, is_known

if TYPE_CHECKING:
    from localcloud.terraform_provider.configuration import Configuration
    from localcloud.terraform_provider.session import Session

_DIFFERENT = "different hash"
_MAGIC = {
    b"PK\x03\x04": "application/zip",
    b"\x1f\x8b\x08": "application/x-gzip",
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
}
_NEVER_TEXT = frozenset([*range(0x09), 0x0B, *range(0x0E, 0x1B), *range(0x1C, 0x20)])


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketObject(StandardResource):
    """An object of Cloud Storage."""

    def plan(self, prior: Values | None, config: Values, planned: Values, configuration: Configuration) -> None:
        """Compare the content by its hash: another content is uploaded anew, under a new generation."""
        StandardResource.plan(self, prior, config, planned, configuration)
        digest = _digest(planned)
        if config.get("detect_md5hash") is None:
            planned["detect_md5hash"] = (
                prior["detect_md5hash"] if prior and prior.get("md5hash") == digest else _DIFFERENT
            )
        if prior and (
            planned["detect_md5hash"] != prior.get("detect_md5hash") or planned["content"] != prior.get("content")
        ):
            planned |= {"md5hash": UNKNOWN, "crc32c": UNKNOWN, "generation": UNKNOWN}
        if not is_known(config.get("content")) and config.get("content") is not UNKNOWN:
            planned["content"] = UNKNOWN if prior is None else prior.get("content")

    def create(self, session: Session, planned: Values) -> Values:
        """Upload the object."""
        self._upload(session, planned)
        return self.created(session, planned)

    def update(self, session: Session, prior: Values, planned: Values) -> Values:
        """Upload the content anew if it has changed, and patch the holds and the retention if they have."""
        if any(planned.get(name) != prior.get(name) for name in ("content", "detect_md5hash", "source_md5hash")):
            self._upload(session, planned)
        before, after = self.body(prior), self.body(planned)
        changed = {
            name for name in ("eventBasedHold", "temporaryHold", "retention") if before.get(name) != after.get(name)
        }
        if changed:
            patch = {name: after.get(name, False if name.endswith("Hold") else None) for name in sorted(changed)}
            session.call("storage", "PATCH", self.path(planned, session.configuration), patch)
        return self.read(session, planned)

    def imported(self, identifier: str, configuration: Configuration) -> Values:
        """An object's content cannot be read back into a configuration, so the real provider has no import either."""
        del configuration
        raise ProviderError(f"cannot import {self.name} {identifier}: resource {self.name} doesn't support import")

    def path(self, values: Values, configuration: Configuration) -> str:
        """Return the object's path; its name is one segment of it."""
        del configuration
        return f"b/{values['bucket']}/o/{quote(values['name'], safe='')}"

    def state(
        self, configuration: Configuration, prior: Values, path: str, found: dict[str, Any], *, importing: bool = False
    ) -> Values:
        """Return the state with the digests of what the server has."""
        state = StandardResource.state(self, configuration, prior, path, found, importing=importing)
        digest = found.get("md5Hash", "")
        state |= {"name": prior["name"], "detect_md5hash": digest, "md5hexhash": base64.b64decode(digest).hex()}
        state["source_md5hash"] = state.get("source_md5hash") or ""
        return state

    def _upload(self, session: Session, planned: Values) -> None:
        """Send metadata and content as one multipart request; uploads live at the root of the endpoint's host."""
        content, kind = _content(planned)
        metadata = {
            name: value for name, value in self.body(planned).items() if name not in ("name", "md5Hash", "generation")
        }
        boundary = uuid.uuid4().hex
        parts = (("application/json", json.dumps(metadata).encode()), (kind, content))
        heads = (f"--{boundary}\r\nContent-Type: {part}\r\n\r\n".encode() + data + b"\r\n" for part, data in parts)
        data = b"".join(heads) + f"--{boundary}--\r\n".encode()
        root = urlsplit(session.configuration.endpoint("storage"))
        url = f"{root.scheme}://{root.netloc}/upload/storage/v1/b/{quote(planned['bucket'], safe='')}/o"
        headers = {"Content-Type": f"multipart/related; boundary={boundary}"}
        session.send(
            "POST",
            url,
            data,
            headers=headers,
            query={"alt": "json", "name": planned["name"], "uploadType": "multipart"},
        )


def _content(planned: Values) -> tuple[bytes, str]:
    """Return what to upload and its content type: the declared one, or what the content looks like."""
    if is_known(planned.get("content")):
        content = planned["content"].encode()
    else:
        source = Path(planned["source"])
        try:
            content = source.read_bytes()
        except OSError as error:
            raise ProviderError(
                f"cannot upload {planned['name']}: its source {source} cannot be read: {error.strerror}"
            ) from error
    declared = planned.get("content_type")
    return content, declared if is_known(declared) and declared else sniffed(content)


def sniffed(content: bytes) -> str:
    """Return the content type that the first bytes suggest: archives, text, or anything."""
    beginning = content[:512]
    for magic, kind in _MAGIC.items():
        if beginning.startswith(magic):
            return kind
    return "application/octet-stream" if _NEVER_TEXT.intersection(beginning) else "text/plain; charset=utf-8"


def _digest(planned: Values) -> str | None:
    """Return the MD5 of what would be uploaded, in base64; None where it is not known yet."""
    try:
        content = (
            planned["content"].encode()
            if isinstance(planned.get("content"), str) and not planned.get("source")
            else None
        )
        if content is None and isinstance(planned.get("source"), str):
            content = Path(planned["source"]).read_bytes()
    except OSError:
        return None
    return None if content is None else base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()

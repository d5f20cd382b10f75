"""Pushing an image as its build left it: skopeo copies it to a side's image repository."""

from __future__ import annotations

import base64
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from release.commands import run_command
from vertex_dr.adapters.google.errors import translated
from vertex_dr.kernel.address import ImageReference
from vertex_dr.kernel.errors import Unreachable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release.commands import Run
    from release.image_source import ResolvedImage
    from vertex_dr.adapters.google.clients import Clients
    from vertex_dr.kernel.sides import Side

__all__ = ["ImagePush"]


@dataclass(frozen=True)
class ImagePush:
    """Pushes to the repository of one side."""

    clients: Clients
    side: Side

    def push(self, image: ResolvedImage, *, tag: str, run: Run = run_command) -> str:
        """Make the side hold the image under its name and the tag, and return its reference by digest.

        Every platform is pushed, so that the digest stays. Repeating pushes nothing more. Raises Unreachable, with
        skopeo's own words, when the repository does not take it.
        """
        settings = self.clients.settings
        own = settings.sides[self.side]
        reference = ImageReference(
            region=own.region,
            project=settings.project,
            repository=own.image_repository,
            image=image.name,
            digest=image.digest,
        )
        host = self.clients.url("docker", own.region).removeprefix("https://")
        target = f"docker://{host}/{settings.project}/{own.image_repository}/{image.name}:{tag}"
        command = ["skopeo", "copy", "--quiet", "--all", "--preserve-digests"]
        with self._credentials(host) as options:
            ended = run([*command, *options, image.source, target])
        if ended.returncode != 0:
            raise Unreachable(
                f"push {target}", found=ended.stdout.strip()[-500:], then="mend what skopeo says and push again"
            )
        return str(reference)

    @contextmanager
    def _credentials(self, host: str) -> Iterator[list[str]]:
        """Give the options that hand skopeo a token in a file: every process could read an argument."""
        word = base64.b64encode(f"oauth2accesstoken:{self._token()}".encode()).decode()
        with tempfile.TemporaryDirectory(prefix="vertex-dr-") as folder:  # readable by its user only
            path = Path(folder) / "auth.json"
            path.write_bytes(msgspec.json.encode({"auths": {host: {"auth": word}}}))
            yield [f"--dest-authfile={path}"]

    def _token(self) -> str:
        from google.auth.transport.requests import Request  # noqa: PLC0415 - only a push needs a token

        credentials: Any = self.clients.credentials
        with translated("get a token of the application default credentials"):
            credentials.refresh(Request())
        return str(credentials.token)

"""Pushing an image as a build left it: skopeo from an OCI layout to a side's image repository."""

from __future__ import annotations

import base64
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from vertex_dr.adapters.google.errors import translated
from vertex_dr.kernel.address import ImageReference
from vertex_dr.kernel.errors import NotFound, Unreachable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vertex_dr.adapters.google.clients import Clients
    from vertex_dr.kernel.sides import Side

__all__ = ["ImagePush", "Run", "layout_digest", "run_command"]


class Run(Protocol):
    """Runs a command to its end."""

    def __call__(self, command: Sequence[str], /) -> subprocess.CompletedProcess[str]:
        """Return its exit code, and everything that it printed as its output."""
        ...


def run_command(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run the command to its end; return its exit code, and all that it printed as its output. Raises NotFound."""
    try:
        return subprocess.run(  # noqa: S603 - the project's own command, never a shell
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
    except FileNotFoundError:
        raise NotFound(
            f"run {command[0]}", found="it is not on PATH", then=f"apt-get install -y {command[0]}"
        ) from None


@dataclass(frozen=True)
class ImagePush:
    """Pushes to the repository of one side."""

    clients: Clients
    side: Side

    def push(self, layout: Path, *, image: str, tag: str, run: Run = run_command) -> str:
        """Make the side hold the layout's image under name and tag, and return its reference by digest.

        Repeating pushes nothing more. Raises NotFound when the layout was not built, and Unreachable, with skopeo's
        own words, when the repository does not take it.
        """
        settings = self.clients.settings
        own = settings.sides[self.side]
        reference = ImageReference(
            region=own.region,
            project=settings.project,
            repository=own.image_repository,
            image=image,
            digest=layout_digest(layout),
        )
        host = self.clients.url("docker", own.region).removeprefix("https://")
        target = f"docker://{host}/{settings.project}/{own.image_repository}/{image}:{tag}"
        command = ["skopeo", "copy", "--quiet", "--all", "--preserve-digests"]  # every platform's image
        with self._credentials(host) as options:
            ended = run([*command, *options, f"oci:{layout}:latest", target])
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


def layout_digest(layout: Path) -> str:
    """Return the digest of the layout's image, or index of images; raises NotFound when the layout was not built."""
    try:
        index: dict[str, Any] = msgspec.json.decode((layout / "index.json").read_bytes())
    except FileNotFoundError:
        raise NotFound(f"read the image in {layout}", found="there is no index.json", then="run make setup") from None
    return str(index["manifests"][0]["digest"])

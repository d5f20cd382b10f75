"""Pushing the serving image, as a build does it: skopeo from an OCI layout to a side's image repository."""

from __future__ import annotations

import base64
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from vertex_dr.kernel.address import ImageReference
from vertex_dr.kernel.errors import NotFound, Unreachable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from drill.machines.processes import Processes
    from vertex_dr.kernel.settings import Settings

__all__ = ["IMAGE", "layout_digest", "push"]

IMAGE = "diagnosis"


def layout_digest(layout: Path) -> str:
    """Return the digest of the layout's one image; raises NotFound when the layout was not built."""
    try:
        index: dict[str, Any] = msgspec.json.decode((layout / "index.json").read_bytes())
    except FileNotFoundError:
        raise NotFound(
            f"read the serving image in {layout}", found="there is no index.json", then="run make setup"
        ) from None
    return str(index["manifests"][0]["digest"])


def push(processes: Processes, layout: Path, *, settings: Settings, tag: str, token: str | None = None) -> str:
    """Push the image to the side's own repository and return its reference by digest; repeating pushes nothing more.

    Raises Unreachable, with skopeo's own words, when the repository does not take it.
    """
    own = settings.own
    reference = ImageReference(
        region=own.region,
        project=settings.project,
        repository=own.image_repository,
        image=IMAGE,
        digest=layout_digest(layout),
    )
    base = settings.endpoints.of("docker", own.region)
    host = base.removeprefix("http://").removeprefix("https://").rstrip("/") if base else f"{own.region}-docker.pkg.dev"
    target = f"docker://{host}/{settings.project}/{own.image_repository}/{IMAGE}:{tag}"
    command = ["skopeo", "copy", "--quiet", "--preserve-digests", f"--dest-tls-verify={str(base is None).lower()}"]
    with _credentials(host, token) as options:
        code, output = processes.run([*command, *options, f"oci:{layout}:latest", target])
    if code != 0:
        raise Unreachable(f"push {target}", found=output.strip()[-500:], then="mend what skopeo says and push again")
    return str(reference)


@contextmanager
def _credentials(host: str, token: str | None) -> Iterator[list[str]]:
    """Give the options that hand skopeo the token in a file of its own: an argument would be seen by every process."""
    if token is None:
        yield []
        return
    word = base64.b64encode(f"oauth2accesstoken:{token}".encode()).decode()
    with tempfile.TemporaryDirectory(prefix="vertex-dr-") as folder:  # readable by its user only
        path = Path(folder) / "auth.json"
        path.write_bytes(msgspec.json.encode({"auths": {host: {"auth": word}}}))
        yield [f"--dest-authfile={path}"]

"""An image where its build left it, resolved to a digest once, so that both sides get the same one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from vertex_dr.kernel.errors import BadInput, NotFound, Unreachable

if TYPE_CHECKING:
    from release.commands import Run
    from release.release_file import ImageToPublish

__all__ = ["ResolvedImage", "resolve_image"]


@dataclass(frozen=True, kw_only=True)
class ResolvedImage:
    """An image by digest, and by what skopeo copies it from."""

    name: str
    digest: str
    source: str


def resolve_image(image: ImageToPublish, *, run: Run) -> ResolvedImage:
    """Return the image by digest. A tag is asked for once: what it names later is not published.

    Raises NotFound when there is no image, BadInput for a layout with several, and Unreachable, in skopeo's words,
    when a registry does not tell.
    """
    if not image.is_in_registry:
        digest = _layout_digest(Path(image.source))
        return ResolvedImage(name=image.name, digest=digest, source=f"oci:{image.source}")
    asked = run(["skopeo", "inspect", "--no-tags", "--format", "{{.Digest}}", image.source])
    digest = asked.stdout.strip()
    if asked.returncode != 0 or not digest.startswith("sha256:"):
        raise Unreachable(
            f"find the digest of {image.source}", found=digest[-500:], then="mend what skopeo says and publish again"
        )
    repository = image.source.partition("@")[0]
    if ":" in repository.rpartition("/")[2]:
        repository = repository.rpartition(":")[0]
    return ResolvedImage(name=image.name, digest=digest, source=f"{repository}@{digest}")


def _layout_digest(layout: Path) -> str:
    tried = f"read the image in {layout}"
    try:
        index: dict[str, Any] = msgspec.json.decode((layout / "index.json").read_bytes())
        digests = [str(entry["digest"]) for entry in index["manifests"]]
    except FileNotFoundError:
        raise NotFound(tried, found="there is no index.json", then="build it (make setup: the example's)") from None
    except (msgspec.MsgspecError, KeyError, TypeError) as error:
        raise BadInput(tried, found=f"index.json is damaged: {error}", then="build it again") from error
    if len(digests) != 1:
        then = "keep one; an image for several platforms is one index"
        raise BadInput(tried, found=f"it holds {len(digests)} images", then=then)
    return digests[0]

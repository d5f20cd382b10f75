"""An image is resolved to a digest once, whatever its tag names later."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from release.image_source import ResolvedImage, resolve_image
from release.release_file import ImageToPublish
from vertex_dr.kernel.errors import BadInput, NotFound, Unreachable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

DIGEST = f"sha256:{'a' * 64}"


def never(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    raise AssertionError(command)


def saying(said: str, code: int = 0) -> tuple[list[Sequence[str]], object]:
    asked: list[Sequence[str]] = []

    def run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        return subprocess.CompletedProcess(command, code, stdout=said)

    return asked, run


def layout(folder: Path, *digests: str) -> ImageToPublish:
    (folder / "index.json").write_text(json.dumps({"manifests": [{"digest": digest} for digest in digests]}))
    return ImageToPublish(name="fraud", source=str(folder))


def test_a_layouts_digest_is_read_from_its_index(tmp_path: Path) -> None:
    found = resolve_image(layout(tmp_path, DIGEST), run=never)

    assert found == ResolvedImage(name="fraud", digest=DIGEST, source=f"oci:{tmp_path}")


@pytest.mark.parametrize("digests", [(), (DIGEST, DIGEST)])
def test_a_layout_without_exactly_one_image_is_refused(tmp_path: Path, digests: tuple[str, ...]) -> None:
    with pytest.raises(BadInput, match=f"it holds {len(digests)} images"):
        resolve_image(layout(tmp_path, *digests), run=never)


def test_a_damaged_layout_is_refused(tmp_path: Path) -> None:
    (tmp_path / "index.json").write_text("{")

    with pytest.raises(BadInput, match=r"index\.json is damaged"):
        resolve_image(ImageToPublish(name="fraud", source=str(tmp_path)), run=never)


def test_a_layout_that_was_not_built_is_told_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="build it"):
        resolve_image(ImageToPublish(name="fraud", source=str(tmp_path / "missing")), run=never)


@pytest.mark.parametrize(
    ("source", "copied"),
    [
        ("docker://ghcr.io/team/fraud:v7", "docker://ghcr.io/team/fraud"),
        ("docker://localhost:5000/fraud", "docker://localhost:5000/fraud"),
        (f"docker://ghcr.io/team/fraud@{DIGEST}", "docker://ghcr.io/team/fraud"),
    ],
)
def test_a_registrys_tag_is_asked_for_once_and_copied_by_digest(source: str, copied: str) -> None:
    asked, run = saying(f"{DIGEST}\n")

    found = resolve_image(ImageToPublish(name="fraud", source=source), run=run)  # type: ignore[arg-type] # a recorder

    assert found.source == f"{copied}@{DIGEST}"
    assert [command[-1] for command in asked] == [source]


def test_a_registry_that_does_not_tell_is_unreachable_in_skopeos_words() -> None:
    _, run = saying("manifest unknown\n", code=1)

    with pytest.raises(Unreachable, match="manifest unknown"):
        resolve_image(ImageToPublish(name="fraud", source="docker://ghcr.io/team/fraud:v7"), run=run)  # type: ignore[arg-type] # a recorder

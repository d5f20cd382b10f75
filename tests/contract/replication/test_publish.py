"""Publishing what a user has: images of several platforms keep their digest on both sides, whichever way they come."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from typing import TYPE_CHECKING, Any

import pytest

from release.publish import publish
from release.release_file import ImageToPublish, PipelineToPublish, Release
from tests.contract.two_sides import PIPELINE, TwoSides
from vertex_dr.kernel.sides import Side
from vertex_dr.wiring.google_ports import GooglePorts

if TYPE_CHECKING:
    from pathlib import Path


OCI = "application/vnd.oci.image."


class Layout:
    """An OCI image layout that is being written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "blobs" / "sha256").mkdir(parents=True)
        (folder / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')

    def write(self, kind: str, content: bytes) -> dict[str, Any]:
        """Write one blob and return its descriptor."""
        digest = hashlib.sha256(content).hexdigest()
        (self.folder / "blobs" / "sha256" / digest).write_bytes(content)
        return {"mediaType": f"{OCI}{kind}", "digest": f"sha256:{digest}", "size": len(content)}

    def document(self, kind: str, content: dict[str, Any]) -> dict[str, Any]:
        """Write one document and return its descriptor."""
        return self.write(kind, json.dumps(content).encode())

    def end(self, index: dict[str, Any]) -> None:
        """Make the layout one of that index, as `latest`."""
        named = index | {"annotations": {"org.opencontainers.image.ref.name": "latest"}}
        (self.folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [named]}))


@pytest.fixture
def release(tmp_path: Path) -> Release:
    """An image for two platforms and a pipeline, neither of them the example's."""
    layout = Layout(tmp_path / "image")
    manifests: list[dict[str, Any]] = []
    for architecture in ("amd64", "arm64"):
        held = io.BytesIO()
        with tarfile.open(fileobj=held, mode="w") as archive:
            archive.addfile(tarfile.TarInfo(f"app-{architecture}"))
        layer = layout.write("layer.v1.tar", held.getvalue())
        rootfs = {"type": "layers", "diff_ids": [layer["digest"]]}
        config = layout.document("config.v1+json", {"architecture": architecture, "os": "linux", "rootfs": rootfs})
        manifest = {"schemaVersion": 2, "mediaType": f"{OCI}manifest.v1+json", "config": config, "layers": [layer]}
        platform = {"platform": {"architecture": architecture, "os": "linux"}}
        manifests.append(layout.document("manifest.v1+json", manifest) | platform)
    index = {"schemaVersion": 2, "mediaType": f"{OCI}index.v1+json", "manifests": manifests}
    layout.end(layout.document("index.v1+json", index))
    return Release(
        images=(ImageToPublish(name="fraud", source=str(layout.folder)),),
        pipelines=(PipelineToPublish(package="fraud-training", content=(PIPELINE % "fraud-training").encode()),),
    )


def test_both_sides_hold_every_platform_under_one_digest(two_sides: TwoSides, release: Release) -> None:
    published = publish(two_sides.primary, release, "v1")

    references = {one.side: one.images["fraud"] for one in published}
    assert references[Side.PRIMARY].partition("@")[2] == references[Side.DR].partition("@")[2]
    for side, reference in references.items():
        images = GooglePorts(two_sides.settings[side]).images(side)
        assert images.resolve("fraud", "v1") == reference.partition("@")[2]
    assert {one.pipelines["fraud-training"][:7] for one in published} == {"sha256:"}


def test_one_side_alone_is_published_to_and_the_mirror_keeps_the_digest(two_sides: TwoSides, release: Release) -> None:
    [published] = publish(two_sides.primary, release, "v2", sides=(Side.PRIMARY,))
    digest = published.images["fraud"].partition("@")[2]
    dr = GooglePorts(two_sides.dr).images(Side.DR)
    had = dr.images()

    dr.pull_from_other_side("fraud", digest)

    assert had == ()
    assert digest in {image.digest for image in dr.images()}
    there = GooglePorts(two_sides.primary).images(Side.PRIMARY).images()
    assert {image.digest for image in dr.images()} == {image.digest for image in there}

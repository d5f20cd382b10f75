from __future__ import annotations

import pytest

from vertex_dr.kernel.address import ImageReference
from vertex_dr.kernel.errors import BadInput

DIGEST = "sha256:" + "ab" * 32
IMAGES = [
    "europe-west4-docker.pkg.dev/demo/vdr-images/server",
    "europe-west4-docker.pkg.dev/demo/vdr-images/server:v1",
    f"europe-west4-docker.pkg.dev/demo/vdr-images/server@{DIGEST}",
    f"europe-west4-docker.pkg.dev/demo/vdr-images/team/server:v1@{DIGEST}",
    "europe-docker.pkg.dev/vertex-ai/prediction/sklearn-cpu.1-5:latest",
]


@pytest.mark.parametrize("uri", IMAGES)
def test_an_image_reference_survives_parsing_and_printing(uri: str) -> None:
    assert str(ImageReference.parse(uri)) == uri


@pytest.mark.parametrize("uri", ["server", "docker.io/library/python", f"gcr.io/demo/server@{DIGEST}", IMAGES[2][:-1]])
def test_a_reference_outside_artifact_registry_is_bad_input(uri: str) -> None:
    with pytest.raises(BadInput, match="REGION-docker"):
        ImageReference.parse(uri)


def test_a_reference_without_digest_is_not_pinned() -> None:
    with pytest.raises(BadInput, match="has no digest, so the two sides could run different images under one name"):
        ImageReference.parse(IMAGES[1]).pinned()


def test_an_image_moves_with_its_digest_into_another_regions_repository() -> None:
    moved = ImageReference.parse(IMAGES[3]).in_region("europe-west1", repository="other")

    assert str(moved) == f"europe-west1-docker.pkg.dev/demo/other/team/server:v1@{DIGEST}"

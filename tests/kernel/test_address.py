from __future__ import annotations

import pytest

from vertex_dr.kernel.address import ImageReference, ResourceAddress
from vertex_dr.kernel.errors import BadInput

DIGEST = "sha256:" + "ab" * 32
NAME = "projects/demo/locations/europe-west4/models/diagnosis@2"
IMAGES = [
    "europe-west4-docker.pkg.dev/demo/vdr-images/server",
    "europe-west4-docker.pkg.dev/demo/vdr-images/server:v1",
    f"europe-west4-docker.pkg.dev/demo/vdr-images/server@{DIGEST}",
    f"europe-west4-docker.pkg.dev/demo/vdr-images/team/server:v1@{DIGEST}",
    "europe-docker.pkg.dev/vertex-ai/prediction/sklearn-cpu.1-5:latest",
]


def test_a_resource_name_survives_parsing_and_printing() -> None:
    assert str(ResourceAddress.parse(NAME)) == NAME


def test_the_same_resource_in_another_region_differs_in_the_region_only() -> None:
    moved = ResourceAddress.parse(NAME).in_region("europe-west1")

    assert str(moved) == NAME.replace("europe-west4", "europe-west1")


@pytest.mark.parametrize("name", ["", "models/7", "projects/demo/models/7", "projects/demo/locations/europe-west4"])
def test_a_name_that_is_none_is_bad_input(name: str) -> None:
    with pytest.raises(BadInput, match="projects/P/locations/REGION/COLLECTION/ID"):
        ResourceAddress.parse(name)


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

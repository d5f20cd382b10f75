"""Artifact Registry's control plane: repositories, and what was pushed into them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from google.cloud import artifactregistry_v1

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def client(primary: Any) -> artifactregistry_v1.ArtifactRegistryClient:
    """Google's client over REST."""
    return artifactregistry_v1.ArtifactRegistryClient(
        transport="rest",
        credentials=primary.cloud.credentials,
    )


@pytest.fixture
def repository(primary: Any) -> str:
    return f"{primary.location}/repositories/vertex-tests"


def test_a_pushed_image_is_visible_with_its_tags(
    client: Any, primary: Any, repository: str, unique: Callable[[str], str]
) -> None:
    image = unique("team/image")
    pushed = primary.push(image, [b"a layer"], {}, tag="v1")

    listed = {found.uri: found for found in client.list_docker_images(parent=repository)}
    uri = f"{primary.region}-docker.pkg.dev/demo/vertex-tests/{image}@{pushed}"
    found = client.get_docker_image(name=listed[uri].name)

    assert found.tags == ["v1"]
    assert found.media_type == "application/vnd.oci.image.manifest.v1+json"
    assert found.image_size_bytes > len(b"a layer")
    assert found.name == f"{repository}/dockerImages/{image.replace('/', '%2F')}@{pushed}"


def test_images_are_packages_with_versions_and_tags(
    client: Any, primary: Any, repository: str, unique: Callable[[str], str]
) -> None:
    image = unique("image")
    first = primary.push(image, [b"one"], {}, tag="v1")
    second = primary.push(image, [b"two"], {}, tag="v2")
    package = f"{repository}/packages/{image}"

    versions = {version.name.rpartition("/")[2] for version in client.list_versions(parent=package)}
    client.update_tag(tag={"name": f"{package}/tags/v1", "version": f"{package}/versions/{second}"})
    client.create_tag(parent=package, tag_id="stable", tag={"version": f"{package}/versions/{first}"})
    client.delete_tag(name=f"{package}/tags/v2")
    tags = {tag.name.rpartition("/")[2]: tag.version.rpartition("/")[2] for tag in client.list_tags(parent=package)}

    assert versions == {first, second}
    assert tags == {"v1": second, "stable": first}
    assert primary.registry("HEAD", f"{image}/manifests/stable").headers["Docker-Content-Digest"] == first


def test_a_tagged_version_goes_only_by_force(primary: Any, repository: str, unique: Callable[[str], str]) -> None:
    image = unique("image")
    pushed = primary.push(image, [b"one"], {}, tag="v1")
    path = f"/artifactregistry/v1/{repository}/packages/{image}/versions/{pushed}"

    refused = primary.call("DELETE", path)
    forced = primary.call("DELETE", f"{path}?force=true")

    assert (refused.status_code, forced.status_code) == (400, 200)
    assert primary.registry("HEAD", f"{image}/manifests/{pushed}").status_code == 404


def test_a_repository_comes_changes_and_goes_with_its_images(
    client: Any, primary: Any, unique: Callable[[str], str]
) -> None:
    repository_id = unique("repository")
    created = client.create_repository(
        parent=primary.location, repository_id=repository_id, repository={"format": "DOCKER", "labels": {"a": "b"}}
    ).result()
    changed = client.update_repository(
        repository={"name": created.name, "description": "for images"}, update_mask={"paths": ["description"]}
    )
    upload = primary.call("POST", f"/v2/demo/{repository_id}/image/blobs/uploads/")
    client.delete_repository(name=created.name).result()

    assert created.registry_uri == f"{primary.region}-docker.pkg.dev/demo/{repository_id}"
    assert (changed.description, changed.labels) == ("for images", {"a": "b"})
    assert upload.status_code == 202
    assert primary.call("POST", f"/v2/demo/{repository_id}/image/blobs/uploads/").status_code == 404


def test_blobs_are_files(client: Any, primary: Any, repository: str, unique: Callable[[str], str]) -> None:
    data = unique("content").encode()
    digest = primary.push_blob(unique("image"), data)

    file = client.get_file(name=f"{repository}/files/{digest.replace(':', '%3A')}")
    listed = [found.name for found in client.list_files(parent=repository)]

    assert file.size_bytes == len(data)
    assert file.hashes[0].value.hex() == digest.removeprefix("sha256:")
    assert file.name in listed


def test_a_repository_keeps_its_format(primary: Any, repository: str) -> None:
    unnamed = primary.call("POST", f"/artifactregistry/v1/{primary.location}/repositories?repositoryId=formless", {})
    changed = primary.call("PATCH", f"/artifactregistry/v1/{repository}?updateMask=format", {"format": "KFP"})

    assert (unnamed.status_code, changed.status_code) == (400, 400)


def test_a_dark_registry_answers_nothing(cloud: Any, primary: Any, dr: Any) -> None:
    cloud.admin("POST", "outage", {"region": primary.region, "api": "docker"})

    try:
        with pytest.raises(OSError, match="Connection"):
            primary.call("GET", "/v2/")
        alive = dr.call("GET", "/v2/").status_code
        control_plane = primary.call("GET", f"/artifactregistry/v1/{primary.location}/repositories").status_code
    finally:
        cloud.admin("POST", "heal", {"region": primary.region})

    assert (alive, control_plane, primary.call("GET", "/v2/").status_code) == (200, 200, 200)

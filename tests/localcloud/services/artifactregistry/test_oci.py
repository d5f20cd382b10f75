"""The image registry as clients of the OCI distribution protocol see it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from requests import Response

OCI_IMAGE = "application/vnd.oci.image.manifest.v1+json"
EMPTY = {"mediaType": "application/vnd.oci.empty.v1+json", "size": 2}


@pytest.fixture
def image(unique: Callable[[str], str]) -> str:
    return unique("image")


def code(answer: Response) -> str:
    found: str = answer.json()["errors"][0]["code"]
    return found


def put(side: Any, image: str, reference: str, manifest: dict[str, Any]) -> Response:
    answer: Response = side.registry(
        "PUT", f"{image}/manifests/{reference}", data=json.dumps(manifest), headers={"Content-Type": OCI_IMAGE}
    )
    return answer


def manifest(side: Any, image: str, **more: Any) -> dict[str, Any]:
    """Return a manifest whose one blob, the empty object, is pushed."""
    config = EMPTY | {"digest": side.push_blob(image, b"{}")}
    return {"schemaVersion": 2, "mediaType": OCI_IMAGE, "config": config, "layers": [], **more}


def test_what_is_pushed_is_pulled_byte_for_byte(primary: Any, image: str) -> None:
    pushed = primary.push(image, [b"a layer"], {}, tag="v1")

    by_tag = primary.registry("GET", f"{image}/manifests/v1")
    by_digest = primary.registry("GET", f"{image}/manifests/{pushed}")
    layer = primary.registry("GET", f"{image}/blobs/{by_tag.json()['layers'][0]['digest']}")

    assert by_tag.content == by_digest.content
    assert by_tag.headers["Docker-Content-Digest"] == pushed
    assert by_tag.headers["Content-Type"] == OCI_IMAGE
    assert layer.content == b"a layer"


def test_a_repository_that_was_never_created_is_unknown(primary: Any) -> None:
    answer = primary.call("POST", "/v2/demo/no-such-repository/image/blobs/uploads/")

    assert (answer.status_code, code(answer)) == (404, "NAME_UNKNOWN")


def test_the_other_region_has_its_own_images(primary: Any, dr: Any, image: str) -> None:
    pushed = primary.push(image, [b"a layer"], {})

    assert dr.registry("GET", f"{image}/manifests/{pushed}").status_code == 404


def test_bytes_with_another_digest_are_refused_and_forgotten(primary: Any, image: str) -> None:
    wrong = "sha256:" + "0" * 64

    answer = primary.registry("POST", f"{image}/blobs/uploads/", params={"digest": wrong}, data=b"something")

    assert (answer.status_code, code(answer)) == (400, "DIGEST_INVALID")
    assert primary.registry("HEAD", f"{image}/blobs/{wrong}").status_code == 404


def test_chunks_must_follow_each_other(primary: Any, image: str) -> None:
    begun = primary.registry("POST", f"{image}/blobs/uploads/")
    upload = begun.headers["Location"].removeprefix("/v2/demo/vertex-tests/")

    first = primary.registry("PATCH", upload, data=b"12345", headers={"Content-Range": "0-4"})
    gap = primary.registry("PATCH", upload, data=b"9", headers={"Content-Range": "8-8"})
    status = primary.registry("GET", upload)

    assert (first.status_code, first.headers["Range"]) == (202, "0-4")
    assert (gap.status_code, status.headers["Range"]) == (416, "0-4")


def test_a_cancelled_upload_is_gone(primary: Any, image: str) -> None:
    begun = primary.registry("POST", f"{image}/blobs/uploads/")
    upload = begun.headers["Location"].removeprefix("/v2/demo/vertex-tests/")

    cancelled = primary.registry("DELETE", upload)
    again = primary.registry("PATCH", upload, data=b"x")

    assert (cancelled.status_code, again.status_code) == (204, 404)


def test_a_part_of_a_blob_can_be_read(primary: Any, image: str) -> None:
    blob = primary.push_blob(image, b"0123456789")

    middle = primary.registry("GET", f"{image}/blobs/{blob}", headers={"Range": "bytes=2-4"})
    end = primary.registry("GET", f"{image}/blobs/{blob}", headers={"Range": "bytes=-3"})
    outside = primary.registry("GET", f"{image}/blobs/{blob}", headers={"Range": "bytes=20-30"})

    assert (middle.status_code, middle.content, middle.headers["Content-Range"]) == (206, b"234", "bytes 2-4/10")
    assert end.content == b"789"
    assert outside.status_code == 416


def test_a_blob_is_mounted_from_an_image_that_has_it(primary: Any, image: str, unique: Callable[[str], str]) -> None:
    blob = primary.push_blob(image, b"shared")
    other = unique("image")

    mounted = primary.registry(
        "POST", f"{other}/blobs/uploads/", params={"mount": blob, "from": f"demo/vertex-tests/{image}"}
    )
    missing = primary.registry(
        "POST", f"{other}/blobs/uploads/", params={"mount": blob, "from": "demo/vertex-tests/nobody"}
    )
    primary.registry("DELETE", f"{image}/blobs/{blob}")

    assert (mounted.status_code, missing.status_code) == (201, 202)
    assert primary.registry("GET", f"{other}/blobs/{blob}").content == b"shared"
    assert primary.registry("GET", f"{image}/blobs/{blob}").status_code == 404


def test_a_manifest_without_its_blobs_is_refused(primary: Any, image: str) -> None:
    config = EMPTY | {"digest": "sha256:" + "1" * 64}

    answer = put(primary, image, "v1", {"schemaVersion": 2, "mediaType": OCI_IMAGE, "config": config, "layers": []})

    assert (answer.status_code, code(answer)) == (400, "MANIFEST_BLOB_UNKNOWN")


@pytest.mark.parametrize("damage", [{"schemaVersion": 1}, {"mediaType": "text/plain"}, {"layers": {}}, {"config": {}}])
def test_a_manifest_that_is_none_is_refused(primary: Any, image: str, damage: dict[str, Any]) -> None:
    answer = put(primary, image, "v1", manifest(primary, image) | damage)

    assert (answer.status_code, code(answer)) == (400, "MANIFEST_INVALID")


def test_referrers_are_found_by_their_subject_and_kind(primary: Any, image: str) -> None:
    subject = primary.push(image, [b"a layer"], {})
    described = {"subject": {"mediaType": OCI_IMAGE, "digest": subject, "size": 1}}
    signed = put(primary, image, "sig", manifest(primary, image, artifactType="application/x.signature", **described))
    put(primary, image, "sbom", manifest(primary, image, artifactType="application/x.sbom", **described))

    everything = primary.registry("GET", f"{image}/referrers/{subject}")
    signatures = primary.registry("GET", f"{image}/referrers/{subject}?artifactType=application/x.signature")

    assert signed.headers["OCI-Subject"] == subject
    assert len(everything.json()["manifests"]) == 2
    assert [one["artifactType"] for one in signatures.json()["manifests"]] == ["application/x.signature"]
    assert signatures.headers["OCI-Filters-Applied"] == "artifactType"


def test_tags_come_in_pages(primary: Any, image: str) -> None:
    for tag in ("c", "a", "b"):
        put(primary, image, tag, manifest(primary, image))

    first = primary.registry("GET", f"{image}/tags/list?n=2")
    rest = primary.call("GET", first.headers["Link"].partition(">")[0].removeprefix("<"))

    assert first.json()["tags"] == ["a", "b"]
    assert rest.json()["tags"] == ["c"]


def test_a_deleted_manifest_takes_its_tags_along(primary: Any, image: str) -> None:
    pushed = primary.push(image, [b"a layer"], {}, tag="v1")

    deleted = primary.registry("DELETE", f"{image}/manifests/{pushed}")

    assert deleted.status_code == 202
    assert primary.registry("GET", f"{image}/manifests/v1").status_code == 404
    assert primary.registry("GET", f"{image}/tags/list").json()["tags"] == []


def test_a_kind_that_the_client_cannot_read_is_not_sent(primary: Any, image: str) -> None:
    primary.push(image, [b"a layer"], {})

    refused = primary.registry("GET", f"{image}/manifests/latest", headers={"Accept": "application/vnd.docker.image"})
    taken = primary.registry("GET", f"{image}/manifests/latest", headers={"Accept": f"text/html, {OCI_IMAGE};q=0.5"})

    assert (refused.status_code, taken.status_code) == (404, 200)

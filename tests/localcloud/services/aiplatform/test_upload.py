"""Uploads: what is taken at once, what fails in the operation, and what a version then needs no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


def test_an_upload_into_another_regions_bucket_is_refused_at_once(dr: Any, primary: Any, server_image: str) -> None:
    model = dr.model(server_image, artifact=None, artifactUri=f"gs://{primary.bucket}/factor-3")

    answer = dr.vertex("POST", "models:upload", {"model": model})

    assert answer.status_code == 400
    assert "use a bucket of the service's own region" in answer.json()["error"]["message"]


def test_an_upload_from_a_dual_region_bucket_is_refused(
    primary: Any, cloud: Any, server_image: str, unique: Callable[[str], str]
) -> None:
    name = unique("demo-dual")
    placement = {"dataLocations": ["EUROPE-WEST1", "EUROPE-WEST4"]}
    bucket = {"name": name, "location": "EU", "customPlacementConfig": placement}
    cloud.call("POST", "/storage/v1/b?project=demo", bucket)
    model = primary.model(server_image, artifact=None, artifactUri=f"gs://{name}/m")

    answer = primary.vertex("POST", "models:upload", {"model": model})

    assert answer.status_code == 400
    assert "located in EU" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        ("europe-west4-docker.pkg.dev/demo/vertex-tests/never-pushed:1", "not found"),
        ("europe-west4-docker.pkg.dev/demo/no-such-repository/image:1", "create it first"),
        ("europe-west4-docker.pkg.dev/demo/vertex-tests/small@sha256:" + "0" * 64, "has no manifest"),
        ("us-central1-docker.pkg.dev/demo/vertex-tests/small:latest", "no registry in us-central1"),
        ("docker.io/library/python:3.11", "expected {region}-docker.pkg.dev"),
    ],
)
def test_a_missing_image_fails_the_operation_and_leaves_no_model(
    primary: Any, server_image: str, unique: Callable[[str], str], image: str, reason: str
) -> None:
    assert server_image
    model_id = unique("model")

    operation = primary.upload(primary.model(image, artifact="factor-3"), modelId=model_id)

    assert reason in operation["error"]["message"]
    assert primary.vertex("GET", f"models/{model_id}").status_code == 404


def test_a_missing_artifact_fails_the_operation(primary: Any, server_image: str) -> None:
    operation = primary.upload(primary.model(server_image, artifact="not-there"))

    assert operation["error"]["code"] == 9
    assert "There are no files under the artifact directory" in operation["error"]["message"]


def test_a_name_that_is_taken_is_refused(primary: Any, server_image: str, unique: Callable[[str], str]) -> None:
    model_id, model = unique("model"), primary.model(server_image, artifact="factor-3")
    primary.upload(model, modelId=model_id)

    again = primary.vertex("POST", "models:upload", {"model": model, "modelId": model_id})
    orphan = primary.vertex(
        "POST", "models:upload", {"model": model, "parentModel": f"{primary.location}/models/nobody"}
    )

    assert again.status_code == 409
    assert orphan.status_code == 404


@pytest.mark.parametrize("alias", ["Upper", "1st", "x", "under_score", "a" * 129])
def test_an_alias_of_another_form_is_refused(primary: Any, server_image: str, alias: str) -> None:
    model = primary.model(server_image, artifact="factor-3", versionAliases=[alias])

    answer = primary.vertex("POST", "models:upload", {"model": model})

    assert answer.status_code == 400
    assert "version alias" in answer.json()["error"]["message"]


def test_a_copy_brings_image_and_artifact_to_the_other_region(
    primary: Any, dr: Any, server_image: str, unique: Callable[[str], str]
) -> None:
    model_id = unique("model")
    primary.upload(primary.model(server_image, artifact="factor-3"), modelId=model_id)
    source = f"{primary.location}/models/{model_id}"

    copied = dr.finished(dr.vertex("POST", "models:copy", {"sourceModel": source, "modelId": model_id}))

    found = dr.vertex("GET", f"models/{model_id}").json()
    assert copied["response"]["modelVersionId"] == "1"
    assert found["originalModelInfo"]["model"] == source
    assert found["containerSpec"]["imageUri"] == server_image


def test_a_source_region_that_is_dark_fails_the_operation(
    cloud: Any, dr: Any, primary: Any, server_image: str, unique: Callable[[str], str]
) -> None:
    dr.write("factor-3/weights.json", '{"factor": 3}')
    model_id = unique("model")
    primary.upload(primary.model(server_image, artifact="factor-3"), modelId=model_id)
    cloud.admin("POST", "outage", {"region": primary.region})

    try:
        by_image = dr.upload(dr.model(server_image, artifact="factor-3"))
        source = f"{primary.location}/models/{model_id}"
        by_copy = dr.finished(dr.vertex("POST", "models:copy", {"sourceModel": source}))
    finally:
        cloud.admin("POST", "heal", {"region": primary.region})

    assert by_image["error"]["code"] == 14
    assert "does not answer" in by_image["error"]["message"]
    assert by_copy["error"]["code"] == 14

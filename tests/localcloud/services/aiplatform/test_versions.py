"""Versions and aliases over REST, where the SDK does not reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def model(primary: Any, server_image: str, unique: Callable[[str], str]) -> str:
    """A model with three versions; the second is `candidate`."""
    model_id = unique("model")
    body = primary.model(server_image, artifact="factor-3")
    primary.upload(body, modelId=model_id)
    parent = {"parentModel": f"{primary.location}/models/{model_id}"}
    primary.upload(body | {"versionAliases": ["candidate"]}, **parent)
    primary.upload(body, **parent)
    return model_id


def test_a_version_is_found_by_number_and_by_alias(primary: Any, model: str) -> None:
    by_number = primary.vertex("GET", f"models/{model}@2").json()
    by_alias = primary.vertex("GET", f"models/{model}@candidate").json()

    assert by_number == by_alias
    assert by_number["name"].endswith(f"{model}@2")
    assert primary.vertex("GET", f"models/{model}").json()["versionId"] == "1"
    assert primary.vertex("GET", f"models/{model}@4").status_code == 404


def test_an_alias_moves_to_the_version_that_gets_it(primary: Any, model: str) -> None:
    primary.vertex("POST", f"models/{model}@3:mergeVersionAliases", {"versionAliases": ["candidate", "default"]})

    versions = primary.vertex("GET", f"models/{model}:listVersions").json()["models"]
    assert [version["versionAliases"] for version in versions] == [[], [], ["candidate", "default"]]
    assert primary.vertex("GET", f"models/{model}").json()["versionId"] == "3"


def test_the_default_alias_cannot_be_taken_away(primary: Any, model: str) -> None:
    answer = primary.vertex("POST", f"models/{model}@1:mergeVersionAliases", {"versionAliases": ["-default"]})

    assert answer.status_code == 400
    assert primary.vertex("GET", f"models/{model}").json()["versionAliases"] == ["default"]


def test_a_dash_takes_an_alias_away(primary: Any, model: str) -> None:
    merged = primary.vertex(
        "POST", f"models/{model}@candidate:mergeVersionAliases", {"versionAliases": ["-candidate", "blue"]}
    )

    assert merged.json()["versionAliases"] == ["blue"]


def test_a_deleted_version_leaves_its_number_unused(primary: Any, server_image: str, model: str) -> None:
    deleted = primary.finished(primary.vertex("DELETE", f"models/{model}@3:deleteVersion"))
    body = primary.model(server_image, artifact="factor-3")
    uploaded = primary.upload(body, parentModel=f"{primary.location}/models/{model}")

    assert "error" not in deleted
    assert uploaded["response"]["modelVersionId"] == "4"
    assert primary.vertex("GET", f"models/{model}@3").status_code == 404


def test_the_default_version_and_the_only_version_cannot_be_deleted(primary: Any, model: str) -> None:
    default = primary.vertex("DELETE", f"models/{model}@1:deleteVersion")
    for version in ("2", "3"):
        primary.finished(primary.vertex("DELETE", f"models/{model}@{version}:deleteVersion"))
    only = primary.vertex("DELETE", f"models/{model}@1:deleteVersion")

    assert "give `default` to another version" in default.json()["error"]["message"]
    assert "delete the Model instead" in only.json()["error"]["message"]


def test_labels_of_model_and_version_add_up(primary: Any, model: str) -> None:
    path = f"models/{model}"
    primary.vertex("PATCH", f"{path}?updateMask=labels,displayName", {"labels": {"a": "1"}, "displayName": "shared"})
    change = {"labels": {"b": "2"}, "versionDescription": "second"}
    primary.vertex("PATCH", f"{path}@2?updateMask=labels,versionDescription", change)

    second, third = (primary.vertex("GET", f"{path}@{version}").json() for version in "23")

    assert (second["labels"], second["versionDescription"]) == ({"a": "1", "b": "2"}, "second")
    assert (third["labels"], third["displayName"]) == ({"a": "1"}, "shared")


def test_a_patch_cannot_mix_model_and_version(primary: Any, model: str) -> None:
    answer = primary.vertex("PATCH", f"models/{model}@2?updateMask=displayName", {"displayName": "x"})

    assert answer.status_code == 400
    assert "model version" in answer.json()["error"]["message"]


def test_an_outdated_etag_is_refused(primary: Any, model: str) -> None:
    etag = primary.vertex("GET", f"models/{model}").json()["etag"]
    primary.vertex("PATCH", f"models/{model}?updateMask=description", {"description": "one"})

    answer = primary.vertex("PATCH", f"models/{model}?updateMask=description", {"description": "two", "etag": etag})

    assert answer.status_code == 409


def test_models_are_listed_in_pages_and_by_filter(primary: Any, model: str) -> None:
    primary.vertex("PATCH", f"models/{model}?updateMask=displayName", {"displayName": f"name of {model}"})

    filtered = primary.vertex("GET", f"models?filter=display_name%3D%22name of {model}%22").json()["models"]
    page = primary.vertex("GET", "models?pageSize=1").json()

    assert [one["name"].rpartition("/")[2] for one in filtered] == [model]
    assert len(page["models"]) == 1
    assert primary.vertex("GET", "models?filter=create_time>1").status_code == 501

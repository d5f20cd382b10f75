"""Bodies are refused in Google's words, and what is accepted is normal afterwards."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.core.bodies import validated
from localcloud.core.errors import ApiError
from localcloud.schema.enums import EnumNumbers

SCHEMAS: dict[str, Any] = {
    "GoogleCloudAiplatformV1DeployModelRequest": {
        "type": "object",
        "properties": {"deployedModel": {"$ref": "GoogleCloudAiplatformV1DeployedModel"}},
    },
    "GoogleCloudAiplatformV1DeployedModel": {
        "type": "object",
        "properties": {
            "displayName": {"type": "string"},
            "createTime": {"type": "string", "format": "google-datetime", "readOnly": True},
            "isEnabled": {"type": "boolean"},
            "replicaCount": {"type": "integer", "format": "int32"},
            "sizeBytes": {"type": "string", "format": "int64"},
            "share": {"type": "number", "format": "float"},
            "timeout": {"type": "string", "format": "google-duration"},
            "state": {"type": "string", "enum": ["UNSPECIFIED", "ON", "OFF"]},
            "accelerator": {"type": "string", "enum": ["NONE", "T4", "L4"], "enumNumbers": [0, 5, 11]},
            "labels": {"type": "object", "additionalProperties": {"type": "string"}},
            "zones": {"type": "array", "items": {"type": "string"}},
            "anything": {"type": "any"},
            "inner": {"$ref": "GoogleCloudAiplatformV1DeployedModel"},
        },
    },
}
MODEL = "GoogleCloudAiplatformV1DeployedModel"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"display_name": "a"}, {"displayName": "a"}),
        ({"displayName": None, "inner": {"labels": None}}, {"inner": {}}),
        ({"createTime": "2026-01-01T00:00:00Z"}, {}),
        ({"sizeBytes": 123}, {"sizeBytes": "123"}),
        ({"sizeBytes": "123"}, {"sizeBytes": "123"}),
        ({"replicaCount": "2"}, {"replicaCount": 2}),
        ({"replicaCount": 2.0}, {"replicaCount": 2}),
        ({"share": "0.5"}, {"share": 0.5}),
        ({"state": 2}, {"state": "OFF"}),
        ({"accelerator": 11}, {"accelerator": "L4"}),
        ({"timeout": "3.5s"}, {"timeout": "3.5s"}),
        ({"anything": {"deep": [None, 1]}}, {"anything": {"deep": [None, 1]}}),
        ({"labels": {}}, {"labels": {}}),
    ],
)
def test_a_body_is_normal_afterwards(sent: dict[str, Any], kept: dict[str, Any]):
    assert validated(SCHEMAS, MODEL, sent) == kept


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        (
            {"colour": 1},
            "Invalid JSON payload received. Unknown name \"colour\" at 'deployed_model': Cannot find field.",
        ),
        (
            {"inner": {"colour": 1}},
            "Invalid JSON payload received. Unknown name \"colour\" at 'deployed_model.inner': Cannot find field.",
        ),
        ({"displayName": 1}, "Invalid value at 'deployed_model.display_name' (TYPE_STRING), 1"),
        ({"isEnabled": "yes"}, "Invalid value at 'deployed_model.is_enabled' (TYPE_BOOL), \"yes\""),
        ({"replicaCount": 1.5}, "Invalid value at 'deployed_model.replica_count' (TYPE_INT32), 1.5"),
        ({"replicaCount": True}, "Invalid value at 'deployed_model.replica_count' (TYPE_INT32), true"),
        ({"zones": {}}, "Invalid value at 'deployed_model.zones' (repeated), {}"),
        ({"labels": {"a": 1}}, "Invalid value at 'deployed_model.labels.a' (TYPE_STRING), 1"),
        (
            {"displayName": ["a"]},
            (
                "Invalid JSON payload received. Unknown name \"display_name\" at 'deployed_model': "
                "Proto field is not repeating, cannot start list."
            ),
        ),
    ],
)
def test_a_wrong_body_is_refused_in_googles_words(sent: dict[str, Any], message: str):
    with pytest.raises(ApiError) as caught:
        validated(SCHEMAS, MODEL, sent)

    assert (caught.value.code, caught.value.status) == (400, "INVALID_ARGUMENT")
    assert caught.value.message == message


@pytest.mark.parametrize("value", ["SOMETIMES", 3, -1, True])
def test_a_value_that_the_enum_has_not_is_refused(value: Any):
    with pytest.raises(ApiError, match=r"Invalid value at 'deployed_model\.state'"):
        validated(SCHEMAS, MODEL, {"state": value})


def test_every_violation_is_told_at_once():
    with pytest.raises(ApiError) as caught:
        validated(SCHEMAS, "GoogleCloudAiplatformV1DeployModelRequest", {"deployedModel": {"a": 1, "b": 2}, "c": 3})

    violations = caught.value.details[0]["fieldViolations"]
    assert [violation["field"] for violation in violations] == ["deployed_model", "deployed_model", ""]
    assert violations[2]["description"] == 'Invalid JSON payload received. Unknown name "c": Cannot find field.'


def test_enum_numbers_of_the_installed_library_are_known_without_importing_it():
    numbers = EnumNumbers("artifactregistry", "v1")

    assert numbers.of(["FORMAT_UNSPECIFIED", "DOCKER", "MAVEN", "NPM", "APT", "KFP"]) == [0, 1, 2, 3, 5, 9]


def test_an_enum_whose_order_is_its_numbers_needs_none():
    assert EnumNumbers("cloudscheduler", "v1").of(["STATE_UNSPECIFIED", "ENABLED", "PAUSED"]) is None


def test_an_api_without_an_installed_library_has_no_numbers():
    assert EnumNumbers("compute", "v1").of(["A", "B"]) is None

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from localcloud.terraform_provider.protocol.validation import validate
from localcloud.terraform_provider.values import UNKNOWN

if TYPE_CHECKING:
    from localcloud.terraform_provider.resources.catalogue import Catalogue


def sentences(catalogue: Catalogue, resource_type: str, config: dict[str, Any]) -> list[str]:
    kind = catalogue.resource(f"google_{resource_type}")
    return [sentence for sentence, _ in validate(kind.block, kind.resource.facts, config)]


def test_value_that_is_not_allowed_is_named_with_those_that_are(catalogue: Catalogue):
    found = sentences(catalogue, "firestore_database", {"type": "MONGO"})

    assert found == ['expected type to be one of ["FIRESTORE_NATIVE" "DATASTORE_MODE"], got MONGO']


def test_value_inside_a_block_is_found_with_its_path(catalogue: Catalogue):
    kind = catalogue.resource("google_cloudfunctions2_function")

    found = validate(kind.block, kind.resource.facts, {"service_config": [{"ingress_settings": "ALLOW_NONE"}]})

    assert [path for _, path in found] == [["service_config", 0, "ingress_settings"]]


def test_of_two_targets_only_one_may_be_set(catalogue: Catalogue):
    found = sentences(catalogue, "cloud_scheduler_job", {"http_target": [{"uri": "u"}], "pubsub_target": [{}]})

    assert len(found) == 1
    assert "only one of `app_engine_http_target,http_target,pubsub_target` can be specified" in found[0]


def test_one_target_must_be_set(catalogue: Catalogue):
    found = sentences(catalogue, "cloud_scheduler_job", {"http_target": []})

    assert found == [
        '"app_engine_http_target": one of `app_engine_http_target,http_target,pubsub_target` must be specified'
    ]


def test_content_and_source_exclude_each_other(catalogue: Catalogue):
    found = sentences(catalogue, "storage_bucket_object", {"content": "x", "source": "y"})

    assert found == ['"content": only one of `content,source` can be specified, but `content,source` were specified.']


@pytest.mark.parametrize("content", [UNKNOWN, "x"])
def test_what_is_not_known_yet_may_turn_out_right(catalogue: Catalogue, content: Any):
    assert sentences(catalogue, "storage_bucket_object", {"content": content}) == []


def test_conflicting_arguments_are_named(catalogue: Catalogue):
    found = sentences(catalogue, "storage_bucket_object", {"content": "x", "event_based_hold": True, "retention": [{}]})

    assert found == ['"event_based_hold": conflicts with retention']


def test_empty_retry_config_says_what_it_needs(catalogue: Catalogue):
    config = {"pubsub_target": [{"topic_name": "t"}], "retry_config": [{"retry_count": None}]}

    found = sentences(catalogue, "cloud_scheduler_job", config)

    assert len(found) == 1
    assert "retry_config.retry_count` must be specified" in found[0]


def test_rotation_needs_topics(catalogue: Catalogue):
    config = {"replication": [{"auto": [{}]}], "rotation": [{"rotation_period": "3600s"}]}

    assert sentences(catalogue, "secret_manager_secret", config) == [
        '"rotation": all of `rotation,topics` must be specified'
    ]

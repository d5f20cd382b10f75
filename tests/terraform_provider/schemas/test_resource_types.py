"""The table, its facts and the extracted schemas agree with each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from localcloud.terraform_provider.equality import RULES
from localcloud.terraform_provider.errors import Unsupported
from localcloud.terraform_provider.schemas.blocks import Attribute, Nested
from localcloud.terraform_provider.schemas.names import variables
from localcloud.terraform_provider.schemas.resource_types import RESOURCES

if TYPE_CHECKING:
    from localcloud.terraform_provider.resources.catalogue import Catalogue

NOT_CONFIGURED = {"email", "version", "trigger_id"}  # in a path, but given by the server


@pytest.mark.parametrize("resource_type", RESOURCES)
def test_facts_name_what_the_schema_has(catalogue: Catalogue, resource_type: str):
    facts, found = RESOURCES[resource_type].facts, dict(catalogue.resource(resource_type).block.walk())
    lists = (
        facts.force_new,
        facts.computed_blocks,
        facts.empty_blocks,
        facts.sensitive,
        facts.write_only,
        facts.unread,
    )
    groups = (*facts.conflicts, *facts.exactly_one, *facts.at_least_one, *facts.required_with)
    mappings = (facts.defaults, facts.equal, facts.server_keys, facts.allowed)

    named = {path for text in (*lists, *groups) for path in text.split()} | {path for one in mappings for path in one}

    assert named <= found.keys()


@pytest.mark.parametrize("resource_type", RESOURCES)
def test_what_names_a_resource_replaces_it(catalogue: Catalogue, resource_type: str):
    kind = catalogue.resource(resource_type)

    names = {name for name in variables(kind.resource.path) if name not in NOT_CONFIGURED}

    assert names <= set(kind.resource.facts.force_new.split())


@pytest.mark.parametrize("resource_type", RESOURCES)
def test_kind_is_the_name_of_the_file_whose_class_serves_the_type(catalogue: Catalogue, resource_type: str):
    served_by = type(catalogue.resource(resource_type)).__module__

    assert served_by == f"localcloud.terraform_provider.resources.{RESOURCES[resource_type].kind}"


@pytest.mark.parametrize("resource_type", RESOURCES)
def test_rules_of_equality_exist(resource_type: str):
    assert set(RESOURCES[resource_type].facts.equal.values()) <= RULES.keys()


@pytest.mark.parametrize("resource_type", [name for name, one in RESOURCES.items() if one.message])
def test_every_setting_is_found_in_the_api_or_is_known_to_be_terraforms_own(catalogue: Catalogue, resource_type: str):
    own = {"id", "timeouts", "deletion_policy", "terraform_labels", "effective_labels", "effective_annotations"}
    block = catalogue.resource(resource_type).block

    lost = {
        path
        for path, member in block.walk()
        if member.field is None
        and path.partition(".")[0] not in own
        and not (isinstance(member, Attribute) and member.computed and not member.optional)
    }

    assert lost <= KNOWN_WITHOUT_FIELD.get(resource_type, set()) | set(variables(RESOURCES[resource_type].path)) | {
        "project"
    }


def test_sets_hold_nothing_that_replaces(catalogue: Catalogue):
    """Planning relies on it: a set's elements have no index to name them by."""
    for kind in catalogue.resources.values():
        sets = [path for path, member in kind.block.walk() if isinstance(member, Nested) and member.nesting == "set"]
        replacing = kind.resource.facts.force_new.split()

        inside = [path for path in replacing if any(path.startswith(f"{one}.") for one in sets)]

        assert inside == []


def test_unknown_type_is_an_error_that_names_the_file_to_add_it_to(catalogue: Catalogue):
    with pytest.raises(Unsupported, match=r"does not know google_redis_instance; add it to .*resource_types\.py"):
        catalogue.resource("google_redis_instance")


KNOWN_WITHOUT_FIELD = {
    "google_cloud_scheduler_job": {"paused"},
    "google_cloudfunctions2_function": {"build_config.source.repo_source.invert_regex"},
    "google_secret_manager_secret": {"deletion_protection"},
    "google_secret_manager_secret_version": {
        "enabled",
        "is_secret_data_base64",
        "secret_data",
        "secret_data_wo",
        "secret_data_wo_version",
    },
    "google_service_account": {"account_id", "create_ignore_already_exists"},
    "google_storage_bucket": {
        "enable_object_retention",
        "force_destroy",
        "lifecycle_rule.condition.send_age_if_zero",
        "lifecycle_rule.condition.send_days_since_custom_time_if_zero",
        "lifecycle_rule.condition.send_days_since_noncurrent_time_if_zero",
        "lifecycle_rule.condition.send_num_newer_versions_if_zero",
        "lifecycle_rule.condition.with_state",
    },
    "google_storage_bucket_object": {
        "content",
        "contexts.custom",
        "contexts.custom.key",
        "contexts.custom.value",
        "customer_encryption.encryption_key",
        "detect_md5hash",
        "force_empty_content_type",
        "source",
        "source_md5hash",
    },
    "google_vertex_ai_endpoint": {"region"},
}

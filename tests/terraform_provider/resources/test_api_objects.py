from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from localcloud.terraform_provider.protocol.upgrade import fitted
from localcloud.terraform_provider.resources.api_objects import convert
from localcloud.terraform_provider.resources.bucket_object import sniffed

if TYPE_CHECKING:
    from localcloud.terraform_provider.resources.catalogue import Catalogue


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("string", 7, "7"),
        ("string", True, "true"),
        ("string", {"b": 1, "a": 2}, '{"a":2,"b":1}'),
        ("number", "604800", 604800),
        ("number", 0.5, 0.5),
        ("bool", True, True),
        (["map", "string"], {"a": "b"}, {"a": "b"}),
        (["set", "string"], ["a"], ["a"]),
        (["list", ["object", {"model_id": "string"}]], [{"modelId": "7"}], [{"model_id": "7"}]),
    ],
)
def test_api_values_get_terraforms_types(kind: Any, value: Any, expected: Any):
    assert convert(kind, value) == expected


def test_state_of_another_version_is_fitted(catalogue: Catalogue):
    block = catalogue.resource("google_secret_manager_secret_version").block

    state = fitted(block, {"secret_data_wo_version": 1, "enabled": True, "gone": "x"})

    assert state["secret_data_wo_version"] == "1"  # noqa: S105 - a number of a version
    assert "gone" not in state
    assert state["timeouts"] is None


def test_nested_blocks_of_a_stored_state_are_fitted_too(catalogue: Catalogue):
    block = catalogue.resource("google_storage_bucket").block

    state = fitted(block, {"versioning": [{"enabled": True, "gone": 1}]})

    assert state["versioning"] == [{"enabled": True}]
    assert state["cors"] == []


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"PK\x03\x04rest", "application/zip"),
        (b"\x1f\x8b\x08rest", "application/x-gzip"),
        (b'{"a": 1}', "text/plain; charset=utf-8"),
        ("Größe".encode(), "text/plain; charset=utf-8"),
        (b"\x00\x01", "application/octet-stream"),
        (b"", "text/plain; charset=utf-8"),
    ],
)
def test_content_type_is_seen_from_the_first_bytes(content: bytes, kind: str):
    assert sniffed(content) == kind

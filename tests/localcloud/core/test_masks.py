"""Field masks and pages, apart from any service."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.core import masks, paging
from localcloud.core.errors import ApiError


@pytest.mark.parametrize(
    ("mask", "changes", "expected"),
    [
        (["a"], {"a": 2}, {"a": 2, "inner": {"b": 1, "c": 1}}),
        (["a"], {}, {"inner": {"b": 1, "c": 1}}),
        (["inner.b"], {"inner": {"b": 2, "c": 2}}, {"a": 1, "inner": {"b": 2, "c": 1}}),
        (["inner.b"], {}, {"a": 1, "inner": {"c": 1}}),
        (["inner"], {"inner": {"d": 1}}, {"a": 1, "inner": {"d": 1}}),
        (["other.deep.x"], {}, {"a": 1, "inner": {"b": 1, "c": 1}}),
        (["other.x"], {"other": {"x": 1}}, {"a": 1, "inner": {"b": 1, "c": 1}, "other": {"x": 1}}),
        (["*"], {"a": 3}, {"a": 3, "inner": {"b": 1, "c": 1}}),
    ],
)
def test_a_mask_changes_what_it_names_and_nothing_else(
    mask: list[str], changes: dict[str, Any], expected: dict[str, Any]
):
    resource = {"a": 1, "inner": {"b": 1, "c": 1}}

    masks.apply(resource, changes, mask)

    assert resource == expected


def test_pages_hold_every_item_once():
    items = [{"n": number} for number in range(7)]
    token, seen = None, []

    while True:
        shown = paging.page(items, "3", token)
        seen += shown.items
        token = shown.next_token
        if token is None:
            break

    assert seen == items


@pytest.mark.parametrize(("size", "token"), [("-1", None), ("x", None), (None, "x"), (None, "!!")])
def test_a_page_that_cannot_be_is_refused(size: str | None, token: str | None):
    with pytest.raises(ApiError, match="page"):
        paging.page([], size, token)

"""Conditions are Google's CEL; what cannot be evaluated is unknown, and never true."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from localcloud.iam import conditions
from localcloud.iam.conditions import ConditionInvalid, ConditionUnknown, extract
from localcloud.iam.resources import Holder, stored_object

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
MODEL = stored_object("vdr", "models/fraud/1/model.joblib", Holder("cloudresourcemanager", "projects/demo"))


@pytest.mark.parametrize(
    ("expression", "is_true"),
    [
        ('resource.name.startsWith("projects/_/buckets/vdr/objects/models/")', True),
        ('resource.name.startsWith("projects/_/buckets/vdr/objects/catalogs/")', False),
        ('resource.type == "storage.googleapis.com/Object" && resource.service == "storage.googleapis.com"', True),
        ('resource.type != "storage.googleapis.com/Bucket"', True),
        ('resource.name.extract("/objects/{name}/") == "models"', True),
        ('resource.name.extract("buckets/{bucket}/objects/") == "vdr"', True),
        ('request.time < timestamp("2026-06-01T00:00:00Z")', True),
        ('request.time < timestamp("2026-04-01T00:00:00Z")', False),
        ('api.getAttribute("storage.googleapis.com/objectListPrefix", "").startsWith("models/")', True),
        ('api.getAttribute("iam.googleapis.com/unknown", "other") == "other"', True),
    ],
)
def test_an_expression_is_true_or_false_of_a_request(expression: str, is_true: bool) -> None:  # noqa: FBT001 - a table's column
    attributes = {"storage.googleapis.com/objectListPrefix": "models/fraud/"}

    assert conditions.holds(expression, MODEL, AT, attributes) is is_true


@pytest.mark.parametrize(
    "expression",
    [
        'resource.matchTag("123/env", "prod")',
        'destination.ip == "10.0.0.1"',
        "resource.name",
        "resource.name > 3",
        'resource.name.extract("no braces") == ""',
    ],
)
def test_what_cannot_be_evaluated_is_unknown(expression: str) -> None:
    with pytest.raises(ConditionUnknown):
        conditions.holds(expression, MODEL, AT, {})


def test_what_is_no_expression_is_refused_before_it_is_kept() -> None:
    with pytest.raises(ConditionInvalid, match="no CEL"):
        conditions.check('resource.name.startsWith("')


@pytest.mark.parametrize(
    ("text", "template", "found"),
    [
        ("projects/p/objects/a/b", "objects/{rest}", "a/b"),
        ("projects/p/objects/a/b", "objects/{first}/", "a"),
        ("projects/p/objects/a/b", "{start}/objects", "projects/p"),
        ("projects/p/objects/a/b", "folders/{rest}", ""),
        ("projects/p/objects/a/b", "objects/{rest}/end", ""),
    ],
)
def test_extract_takes_what_stands_at_the_braces(text: str, template: str, found: str) -> None:
    assert extract(text, template) == found

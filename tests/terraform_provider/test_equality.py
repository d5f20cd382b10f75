from __future__ import annotations

import pytest

from localcloud.terraform_provider.equality import same


@pytest.mark.parametrize(
    ("rule", "prior", "planned"),
    [
        ("bucket", "b/x", "x"),
        ("case", "DOCKER", "docker"),
        ("deadline", "180s", ""),
        ("duration", "2592000s", "30d"),
        ("json", '{"1":100}', '{ "1": 100 }'),
        ("member", "serviceAccount:A@b", "serviceAccount:a@b"),
        ("name", "projects/p/topics/events", "events"),
        ("project", "projects/demo", "demo"),
        ("slash", "https://f.example/", "https://f.example"),
    ],
)
def test_texts_that_mean_the_same(rule: str, prior: str, planned: str):
    assert same(rule, prior, planned)
    assert not same("", prior, planned)


@pytest.mark.parametrize(
    ("rule", "prior", "planned"),
    [
        ("bucket", "b/x", "y"),
        ("deadline", "320s", ""),
        ("duration", "2592000s", "31d"),
        ("duration", "soon", "later"),
        ("json", '{"1":100}', '{"2":100}'),
        ("member", "principalSet://iam.googleapis.com/A", "principalSet://iam.googleapis.com/a"),
        ("name", "projects/p/topics/events", "vents"),
        ("name", "projects/p/topics/events", ""),
        ("slash", "https://f.example/a", "https://f.example"),
    ],
)
def test_texts_that_mean_something_else(rule: str, prior: str, planned: str):
    assert not same(rule, prior, planned)


def test_values_that_are_no_texts_are_compared_as_they_are():
    assert same("name", ["a"], ["a"])
    assert not same("name", None, "a")

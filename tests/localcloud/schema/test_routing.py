"""Paths lead to methods by their raw, percent-encoded form."""

from __future__ import annotations

import pytest

from localcloud.schema.routing import Routes


@pytest.fixture
def routes() -> Routes[str]:
    found: Routes[str] = Routes()
    for method, template in [
        ("GET", "v1/projects/{projectsId}/models"),
        ("GET", "v1/projects/{projectsId}/models/{modelsId}"),
        ("POST", "v1/projects/{projectsId}/models:upload"),
        ("POST", "v1/projects/{projectsId}/models/{modelsId}:copy"),
        ("GET", "v1/projects/{projectsId}/models/latest"),
        ("GET", "v1/b/{bucket}/o/{object}"),
        ("GET", "v1/{+rest}"),
    ]:
        found.add(method, template, template)
    return found


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "v1/projects/p/models/1", ("v1/projects/p/models/1", None, {"projectsId": "p", "modelsId": "1"})),
        ("POST", "v1/projects/p/models:upload", ("v1/projects/p/models", "upload", {"projectsId": "p"})),
        (
            "POST",
            "v1/projects/p/models/1:copy",
            ("v1/projects/p/models/1", "copy", {"projectsId": "p", "modelsId": "1"}),
        ),
        ("GET", "v1/b/x/o/a%2Fb%20c", ("v1/b/x/o/a/b c", None, {"bucket": "x", "object": "a/b c"})),
        ("GET", "v1/b/x/o/a:b", ("v1/b/x/o/a:b", None, {"bucket": "x", "object": "a:b"})),
    ],
)
def test_a_path_leads_to(routes: Routes[str], method: str, path: str, expected: tuple[str, str | None, dict[str, str]]):
    match = routes.match(method, path)

    assert match is not None
    assert (match.name, match.verb, match.params) == expected


def test_a_literal_segment_beats_a_parameter(routes: Routes[str]):
    match = routes.match("GET", "v1/projects/p/models/latest")

    assert match is not None
    assert match.found == "v1/projects/{projectsId}/models/latest"


def test_a_rest_parameter_takes_every_depth(routes: Routes[str]):
    match = routes.match("GET", "v1/one/two/three")

    assert match is not None
    assert match.params == {"rest": "one/two/three"}


def test_an_unknown_verb_leads_nowhere(routes: Routes[str]):
    assert routes.match("POST", "v1/projects/p/models/1:frobnicate") is None

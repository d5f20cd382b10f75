"""The bundle's door, called as functions-framework calls it in production."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, Any

import functions_framework
import pytest

from tests.replication.world import World, settings_of, two_versions
from vertex_dr import wiring
from vertex_dr.kernel.errors import Denied, NotFound, Refused, Unreachable, VertexDrError
from vertex_dr.kernel.records import to_json
from vertex_dr.kernel.sides import Side

if TYPE_CHECKING:
    from flask.testing import FlaskClient


MAIN = Path(__file__).parents[2] / "functions" / "main.py"
ENTRY_POINTS = [
    "export_models",
    "import_models",
    "mirror_images",
    "publish_pipelines",
    "reconcile_models",
    "verify_replicas",
    "probe_region",
    "assess_regions",
    "fail_over",
    "run_pipelines",
]


def door(entry_point: str) -> FlaskClient:
    client: FlaskClient = functions_framework.create_app(entry_point, str(MAIN)).test_client()
    return client


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Terraform gives a function of primary."""
    settings = settings_of(Side.PRIMARY)
    for name in ("project", "side", "service", "artifact_bucket", "selector_database", "selector_secret"):
        monkeypatch.setenv(f"VERTEX_DR_{name.upper()}", str(getattr(settings, name)))
    monkeypatch.setenv("VERTEX_DR_SIDES", to_json(settings.sides).decode())


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("entry_point", ENTRY_POINTS)
def test_each_entry_point_runs_its_use_case_with_the_settings_and_the_body(
    entry_point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []
    journal = World().primary.running_pipelines.plan()
    monkeypatch.setattr(
        wiring, entry_point, lambda settings: lambda body: seen.append((settings.side, body)) or journal
    )

    answer = door(entry_point).post("/", json={"seconds": 5})

    assert seen == [(Side.PRIMARY, {"seconds": 5})]
    assert answer.status_code == 200
    assert answer.data == to_json(journal)
    assert answer.content_type == "application/json"


@pytest.mark.usefixtures("environment")
def test_schedulers_empty_body_is_an_empty_object(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(wiring, "export_models", lambda _: seen.append)

    door("export_models").post("/", data=b"")

    assert seen == [{}]


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("body", [b"{", b"[1]", b"\xff"])
def test_a_body_that_is_no_object_is_bad_input(body: bytes) -> None:
    answer = door("export_models").post("/", data=body)

    assert answer.status_code == 400
    assert "cannot run export_models: the request's body is not a JSON object" in answer.get_json()["error"]


def test_missing_settings_are_named_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PROJECT", "SIDE", "SIDES"):
        monkeypatch.delenv(f"VERTEX_DR_{name}", raising=False)

    answer = door("import_models").post("/", data=b"")

    assert answer.status_code == 400
    assert all(f"VERTEX_DR_{name} is not set" in answer.get_json()["error"] for name in ("PROJECT", "SIDE", "SIDES"))


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize(
    ("kind", "status"), [(Refused, 409), (NotFound, 409), (Denied, 403), (Unreachable, 503)], ids=str
)
def test_an_error_answers_with_its_status_and_one_line(
    kind: type[VertexDrError], status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise kind("start the pipeline", found="the selector names dr", then="wait")

    monkeypatch.setattr(wiring, "run_pipelines", lambda _: fail)

    answer = door("run_pipelines").post("/", data=b"")

    assert answer.status_code == status
    assert answer.get_json() == {
        "error": "cannot start the pipeline: the selector names dr; wait",
        "kind": kind.__name__,
    }


@pytest.mark.usefixtures("environment")
def test_a_journal_that_is_not_pass_answers_409_with_the_journal(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    two_versions(world)
    world.primary.exporting.run()
    monkeypatch.setattr(wiring, "import_models", lambda _: lambda _: world.dr.importing.run())

    answer = door("import_models").post("/", data=b"")

    assert answer.status_code == 409
    assert answer.get_json()["verdict"] == "FAIL"
    assert answer.get_json()["proof"]["findings"][0]["check"] == "image-mirrored"


@pytest.mark.usefixtures("environment")
def test_a_bug_answers_500(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "export_models", lambda _: lambda body: body["absent"])
    app = functions_framework.create_app("export_models", str(MAIN))
    app.testing = False

    answer = app.test_client().post("/", data=b"")

    assert answer.status_code == 500


def test_the_door_imports_nothing_when_it_is_loaded() -> None:
    tree = ast.parse(MAIN.read_text())

    imported = {node.module for node in tree.body if isinstance(node, ast.ImportFrom)}
    defined = [node.name for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]

    assert imported == {"__future__", "typing"}
    assert sorted(defined) == sorted(ENTRY_POINTS)

"""The bundle's door, called as functions-framework calls it in production."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import functions_framework
import pytest
from flask import Request
from werkzeug.test import EnvironBuilder

import main
from tests.replication.world import World, environment_of, settings_of, two_versions
from vertex_dr.kernel.errors import Denied, NotFound, Refused, Unreachable, VertexDrError
from vertex_dr.kernel.sides import Side
from vertex_dr.wiring.entry_points import ENTRY_POINTS

if TYPE_CHECKING:
    from flask.testing import FlaskClient


MAIN = Path(__file__).parents[2] / "functions" / "main.py"


def door(entry_point: str) -> FlaskClient:
    client: FlaskClient = functions_framework.create_app(entry_point, str(MAIN)).test_client()
    return client


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Terraform gives a function of primary."""
    for name, value in environment_of(settings_of(Side.PRIMARY)).items():
        monkeypatch.setenv(name, value)


def asked(entry_point: str, world: World, *, data: bytes = b"", side: Side = Side.PRIMARY) -> tuple[int, Any]:
    """Return status and JSON of the entry point's answer over the world's ports."""
    request = Request(EnvironBuilder(method="POST", data=data).get_environ())
    body, status, headers = main.answer(entry_point, request, connect=lambda _: world.sides[side].ports)
    assert headers["Content-Type"] == "application/json"
    return status, json.loads(body)


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("entry_point", ENTRY_POINTS)
def test_the_framework_finds_each_entry_point_and_says_what_it_promises(entry_point: str) -> None:
    answer = door(entry_point).post("/", data=b"no JSON")

    assert answer.status_code == 400
    assert f"cannot run {entry_point}: the request's body is not a JSON object" in answer.get_json()["error"]
    assert getattr(main, entry_point).__doc__ == f"Afterwards {ENTRY_POINTS[entry_point].promise}."


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize(
    ("entry_point", "data", "schema_field"),
    [
        ("export_models", b"", "plan"),
        ("import_models", b"", "plan"),
        ("mirror_images", b"", "plan"),
        ("publish_pipelines", b"", "plan"),
        ("reconcile_models", b"{}", "plan"),
        ("verify_replicas", b"", "findings"),
        ("run_pipelines", b"", "plan"),
        ("probe_region", b'{"seconds": 0}', "trails"),
        ("assess_regions", b"", "decision"),
        ("fail_over", b'{"decision": "rehearsal"}', "copies"),
    ],
)
def test_each_entry_point_runs_its_use_case_with_the_body(entry_point: str, data: bytes, schema_field: str) -> None:
    world = World()
    two_versions(world)
    for side in (world.primary, world.dr):
        side.replication.export_models.run()

    _, answer = asked(entry_point, world, data=data)

    assert schema_field in answer
    assert answer.get("plan", {}).get("entry_point", entry_point) == entry_point


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
def test_an_error_answers_with_its_status_and_one_line(kind: type[VertexDrError], status: int) -> None:
    world = World()
    world.selector.faults.fail("read", with_=kind("start the pipeline", found="the selector names dr", then="wait"))

    answer = asked("run_pipelines", world)

    assert answer[0] == status
    assert answer[1] == {
        "error": "cannot start the pipeline: the selector names dr; wait",
        "kind": kind.__name__,
    }


@pytest.mark.usefixtures("environment")
def test_a_journal_that_is_not_pass_answers_409_with_the_journal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERTEX_DR_SIDE", "dr")
    world = World()
    two_versions(world)
    world.primary.replication.export_models.run()

    status, journal = asked("import_models", world, side=Side.DR)

    assert status == 409
    assert journal["verdict"] == "FAIL"
    assert journal["proof"]["findings"][0]["check"] == "image-mirrored"


@pytest.mark.usefixtures("environment")
def test_a_bug_is_not_taken_for_an_error_that_was_foreseen() -> None:
    world = World()
    world.selector.faults.fail("read", with_=KeyError("absent"))  # type: ignore[arg-type] # a bug

    with pytest.raises(KeyError, match="absent"):
        asked("assess_regions", world)

"""An operator reads which thing was not brought over, why, and what to do; one line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typer.testing import CliRunner

from tests.cli.test_commands import NOBODY_THERE
from tests.replication.world import World, two_versions
from vertex_dr.cli import plan, replicate
from vertex_dr.cli.main import app

if TYPE_CHECKING:
    import pytest

    from vertex_dr.cli.uses import UseCase

MANIFEST = "gs://staging-europe-west4/manifests/models/diagnosis.json"


def run(monkeypatch: pytest.MonkeyPatch, use: UseCase, *arguments: str) -> tuple[int, list[str]]:
    for module in (plan, replicate):
        monkeypatch.setattr(module, "uses", lambda: {"it": lambda _: use})
    ended = CliRunner().invoke(app, arguments, env=NOBODY_THERE)
    return ended.exit_code, ended.stdout.splitlines()


def test_a_damaged_manifest_is_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    world.store.objects[MANIFEST] = b"{"

    code, lines = run(monkeypatch, world.primary.reconciling, "replicate", "--to", "dr")

    assert code == 4
    assert sum(line.startswith(f"it: left out {MANIFEST}: cannot read") for line in lines) == 1


def test_a_model_without_artifact_is_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    two_versions(world)
    world.primary.models.ingested["diagnosis", "1"] = {}

    code, lines = run(monkeypatch, world.primary.exporting, "replicate", "--to", "dr")

    assert code == 4
    assert [line for line in lines if line.startswith("it: ")] == [
        "it: failed diagnosis@primary-1: cannot export diagnosis@1: it has no artifact; register it with one"
    ]


def test_an_image_by_a_tag_that_is_gone_is_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    world.primary.register(3, image=world.primary.image("old").partition("@")[0] + ":v1")
    world.primary.images.held = {}
    left_out = "left out diagnosis@primary-1: cannot find old:v1: there is no such tag; push it"

    planned, lines = run(monkeypatch, world.primary.exporting, "plan")
    replicated, said = run(monkeypatch, world.primary.exporting, "replicate", "--to", "dr")

    assert (planned, replicated) == (0, 4)
    assert left_out in lines
    assert f"it: {left_out}" in said

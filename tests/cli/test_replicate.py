"""An operator reads which thing was not brought over, why, and what to do; one line each."""

from __future__ import annotations

from typer.testing import CliRunner

from tests.replication.world import World, environment_of, settings_of, two_versions
from vertex_dr.cli.main import app
from vertex_dr.kernel.sides import Side

MANIFEST = "gs://staging-europe-west1/manifests/models/diagnosis.json"


def run(world: World, *arguments: str) -> tuple[int, list[str]]:
    environment = environment_of(settings_of(Side.PRIMARY))
    ended = CliRunner().invoke(
        app,
        arguments,
        env=environment,
        obj=lambda settings: world.sides[settings.side].ports,
    )
    return ended.exit_code, ended.stdout.splitlines()


def test_what_was_replicated_is_one_table() -> None:
    world = World()
    two_versions(world)

    code, lines = run(world, "replicate", "--to", "dr")

    assert code == 0
    assert [line.split() for line in lines if "PASS" in line] == [
        ["export_models", "PASS", "3"],
        ["mirror_images", "PASS", "1"],
        ["publish_pipelines", "PASS", "1"],
        ["import_models", "PASS", "6"],
        ["reconcile_models", "PASS", "0"],
    ]


def test_a_damaged_manifest_is_a_line() -> None:
    world = World()
    world.store.objects[MANIFEST] = b"{"

    code, lines = run(world, "replicate", "--to", "dr")

    assert code == 4
    assert sum(line.startswith(f"reconcile_models: left out {MANIFEST}: cannot read") for line in lines) == 1


def test_a_model_without_artifact_is_a_line() -> None:
    world = World()
    two_versions(world)
    world.primary.models.ingested["diagnosis", "1"] = {}

    code, lines = run(world, "replicate", "--to", "dr")

    assert code == 4
    assert [line for line in lines if line.startswith("export_models: ")] == [
        "export_models: failed diagnosis@primary-1: cannot export diagnosis@1: it has no artifact; register it with one"
    ]


def test_an_image_by_a_tag_that_is_gone_is_a_line() -> None:
    world = World()
    world.primary.replication.export_models.run()
    world.primary.register(3, image=world.primary.image("old").partition("@")[0] + ":v1")
    world.primary.images.held = {}
    left_out = "left out diagnosis@primary-1: cannot find old:v1: there is no such tag; push it"
    world.dr.replication.export_models.run()

    planned, lines = run(world, "plan", "--side", "dr")
    replicated, said = run(world, "replicate", "--to", "dr")

    assert (planned, replicated) == (0, 4)
    assert left_out in lines
    assert f"export_models: {left_out}" in said

"""Each of the five records prints as JSON with a schema number and can be read back."""

from __future__ import annotations

import json

import pytest

from tests.replication.world import World, two_versions
from vertex_dr.kernel.errors import DamagedRecord
from vertex_dr.kernel.records import from_json, to_json
from vertex_dr.kernel.sides import Side
from vertex_dr.replication.journal import Journal, Proof
from vertex_dr.replication.records import Drift, Inventory
from vertex_dr.replication.steps import Plan


def records() -> list[object]:
    world = World()
    two_versions(world)
    world.primary.replication.export_models.run()
    world.dr.replication.mirror_images.run()
    own = world.primary.replication.observer(Side.PRIMARY).observe()
    importing = world.dr.replication.import_models
    journal = importing.run()
    return [
        own,
        world.dr.replication.verify_replicas.compare(),
        importing.plan(),
        journal,
        world.dr.replication.verify_replicas.prove(),
    ]


@pytest.mark.parametrize(
    ("position", "kind"),
    list(enumerate([Inventory, Drift, Plan, Journal, Proof])),
    ids=lambda v: getattr(v, "__name__", ""),
)
def test_a_record_is_the_same_after_printing_and_reading(position: int, kind: type[object]) -> None:
    record = records()[position]

    printed = to_json(record)

    assert json.loads(printed)["schema"] == 1
    assert from_json(kind, printed, source="a file") == record


def test_a_plan_read_from_a_file_can_be_applied() -> None:
    world = World()
    two_versions(world)
    world.primary.replication.export_models.run()
    world.dr.replication.mirror_images.run()
    saved = to_json(world.dr.replication.import_models.plan())

    world.dr.replication.import_models.apply(from_json(Plan, saved, source="plan.json"))

    assert len(world.dr.models.versions()) == 2


def test_an_unknown_step_is_damage_and_the_file_is_named() -> None:
    saved = b'{"entry_point": "import_models", "side": "dr", "epoch": 1, "steps": [{"step": "erase-all"}]}'

    with pytest.raises(DamagedRecord, match=r"plan\.json: .*erase-all"):
        from_json(Plan, saved, source="plan.json")

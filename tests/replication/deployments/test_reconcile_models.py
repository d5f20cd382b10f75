from __future__ import annotations

from pathlib import Path

import pytest

from tests.replication.world import ENDPOINT, World, two_versions
from vertex_dr.kernel.verdict import Verdict
from vertex_dr.replication.records import Manifest

DAMAGED = Path(__file__).parent / "damaged"


def declared(world: World) -> World:
    two_versions(world)
    world.primary.declare()
    return world


def test_the_declared_aliass_version_gets_all_traffic() -> None:
    world = declared(World())

    journal = world.primary.replication.reconcile_models.run()

    assert journal.verdict is Verdict.PASS
    (serving,) = world.primary.deployments.of(ENDPOINT)
    assert (serving.version, serving.machine_type, serving.traffic) == ("2", "n1-standard-2", 100)


def test_a_second_reconciliation_has_nothing_to_do() -> None:
    world = declared(World())
    world.primary.replication.reconcile_models.run()

    assert world.primary.replication.reconcile_models.plan().steps == ()


def test_a_moved_alias_replaces_the_version_without_a_gap() -> None:
    world = declared(World())
    world.primary.replication.reconcile_models.run()
    world.primary.models.set_aliases("diagnosis", "1", add=("default",), remove=())

    world.primary.replication.reconcile_models.run()

    assert [d.version for d in world.primary.deployments.of(ENDPOINT)] == ["1"]
    assert world.primary.deployments.gaps == 0


def test_other_machines_are_a_new_deployment() -> None:
    world = declared(World())
    world.primary.replication.reconcile_models.run()
    world.primary.declare(machine_type="n1-standard-8")

    world.primary.replication.reconcile_models.run()

    (serving,) = world.primary.deployments.of(ENDPOINT)
    assert serving.machine_type == "n1-standard-8"
    assert world.primary.deployments.gaps == 0


@pytest.mark.parametrize("call", ["deploy", "undeploy", "of"])
@pytest.mark.parametrize("after_work", [False, True])
def test_a_run_that_is_cut_off_is_mended_by_the_next_one(call: str, *, after_work: bool) -> None:
    world = declared(World())
    world.primary.replication.reconcile_models.run()
    world.primary.models.set_aliases("diagnosis", "1", add=("default",), remove=())
    world.primary.deployments.faults.fail(call, nth=2 if call == "of" else 1, after_work=after_work)

    first = world.primary.replication.reconcile_models.run()
    second = world.primary.replication.reconcile_models.run()

    assert first.verdict is not Verdict.PASS
    assert second.verdict is Verdict.PASS
    assert [d.version for d in world.primary.deployments.of(ENDPOINT)] == ["1"]
    assert world.primary.deployments.gaps == 0


def test_traffic_that_someone_moved_is_put_back() -> None:
    world = declared(World())
    world.primary.replication.reconcile_models.run()
    other = Manifest(model="diagnosis", endpoint=ENDPOINT, machine_type="n1-standard-2")
    world.primary.deployments.deploy(other, version="1")

    world.primary.replication.reconcile_models.run()

    (serving,) = world.primary.deployments.of(ENDPOINT)
    assert (serving.version, serving.traffic) == ("2", 100)
    assert world.primary.deployments.gaps == 0


@pytest.mark.parametrize("damage", sorted(DAMAGED.glob("manifest_*.json")), ids=lambda path: path.stem)
def test_a_damaged_manifest_is_named_and_the_others_are_reconciled(damage: Path) -> None:
    world = declared(World())
    uri = f"gs://staging-europe-west4/manifests/models/{damage.name}"
    world.store.objects[uri] = damage.read_bytes()

    journal = world.primary.replication.reconcile_models.run()

    assert journal.verdict is Verdict.FAIL
    assert journal.proof is not None
    damaged = [f for f in journal.proof.findings if f.check == "manifest-readable"]
    assert [f.subject for f in damaged] == [uri]
    assert len(world.primary.deployments.of(ENDPOINT)) == 1


def test_an_alias_that_no_version_has_is_told_with_those_that_exist() -> None:
    world = declared(World())
    world.primary.declare(alias="stable")

    journal = world.primary.replication.reconcile_models.run()

    assert journal.verdict is Verdict.FAIL
    assert "its aliases here are champion, default" in journal.plan.skipped[0].problem


def test_an_endpoint_that_does_not_exist_is_told_and_the_others_are_reconciled() -> None:
    world = declared(World())
    world.primary.declare(endpoint="99")

    journal = world.primary.replication.reconcile_models.run()

    assert journal.verdict is Verdict.FAIL
    assert [s.subject for s in journal.plan.skipped] == ["diagnosis@default on endpoint 99"]
    assert len(world.primary.deployments.of(ENDPOINT)) == 1

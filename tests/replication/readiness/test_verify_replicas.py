from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.replication.world import ENDPOINT, World, two_versions
from vertex_dr.kernel.errors import Unreachable
from vertex_dr.kernel.sides import Side
from vertex_dr.kernel.verdict import Verdict
from vertex_dr.replication.records import Manifest
from vertex_dr.wiring.bridges import readiness_of

if TYPE_CHECKING:
    from vertex_dr.replication.journal import Proof


def ready(world: World) -> World:
    two_versions(world)
    world.primary.declare()
    world.dr.declare()
    world.primary.replication.reconcile_models.run()
    world.replicate()
    world.dr.replication.reconcile_models.run()
    return world


def failed(proof: Proof) -> list[tuple[str, str]]:
    return [(f.check, f.subject) for f in proof.findings if f.verdict is not Verdict.PASS]


def test_a_replicated_side_could_take_over() -> None:
    world = ready(World())

    proof = world.dr.replication.verify_replicas.run()

    assert proof.verdict is Verdict.PASS
    assert proof.lag_seconds == 0
    assert world.shared.readiness.readiness(Side.DR) == readiness_of(Side.DR, proof)
    assert {f.check for f in proof.findings} == {
        "source-observed",
        "model-replicated",
        "model-matches",
        "artifact-intact",
        "image-mirrored",
        "pipeline-published",
        "deployment-matches",
    }


def test_a_side_that_never_replicated_could_not() -> None:
    world = World()
    two_versions(world)
    world.primary.declare()
    world.primary.replication.reconcile_models.run()
    world.dr.declare()

    proof = world.dr.replication.verify_replicas.run()

    assert proof.verdict is Verdict.FAIL
    assert ("model-replicated", "diagnosis@primary-2") in failed(proof)
    assert ("deployment-matches", f"diagnosis@default on endpoint {ENDPOINT}") in failed(proof)


def test_a_version_registered_a_moment_ago_is_lag_and_no_reason_to_refuse() -> None:
    world = ready(World())
    world.primary.register(7)
    world.pass_time(minutes=10)

    proof = world.dr.replication.verify_replicas.run()

    assert proof.verdict is Verdict.PASS
    assert proof.lag_seconds == (world.now - world.primary.models.versions()[-1].created_at).total_seconds()


def test_a_version_older_than_the_objective_fails() -> None:
    world = ready(World())
    world.primary.register(7)
    world.pass_time(hours=2)

    proof = world.dr.replication.verify_replicas.run()

    assert failed(proof) == [("model-replicated", "diagnosis@primary-3")]


def test_being_behind_is_lag_for_the_decision_to_fail_over() -> None:
    world = ready(World())
    world.primary.register(7)
    world.pass_time(hours=2)

    readiness = readiness_of(world.dr.settings.side, world.dr.replication.verify_replicas.run())

    assert readiness.verdict is Verdict.PASS
    assert readiness.lag_seconds is not None
    assert readiness.lag_seconds > 3600
    assert len(readiness.findings) == 1


def test_a_dark_other_side_is_represented_by_its_catalog() -> None:
    world = ready(World())
    world.darken(world.primary)

    proof = world.dr.replication.verify_replicas.run()

    assert proof.verdict is Verdict.PASS
    assert proof.findings[0].found.startswith("catalog 1 of ")


def test_a_dark_other_side_without_a_catalog_tells_nothing() -> None:
    world = World()
    two_versions(world)
    world.darken(world.primary)

    with pytest.raises(Unreachable, match="has published no catalog"):
        world.dr.replication.verify_replicas.run()


def test_a_byte_changed_in_the_artifact_bucket_is_found() -> None:
    world = ready(World())
    uri = "gs://artifacts/models/diagnosis/primary-2/weights.json"
    world.store.objects[uri] = b'{"factor": 6}'

    proof = world.dr.replication.verify_replicas.run()

    (wrong,) = [f for f in proof.findings if f.verdict is Verdict.FAIL]
    assert (wrong.check, wrong.subject) == ("artifact-intact", "diagnosis@primary-2")
    assert wrong.found.startswith(f"{uri} is crc32c ")
    assert wrong.expected.startswith(f"{uri}: crc32c ")


def test_another_version_on_the_endpoint_is_found() -> None:
    world = ready(World())
    other = Manifest(model="diagnosis", endpoint=ENDPOINT, machine_type="n1-standard-2")
    world.dr.deployments.deploy(other, version="1")

    proof = world.dr.replication.verify_replicas.run()

    assert failed(proof) == [("deployment-matches", f"diagnosis@default on endpoint {ENDPOINT}")]
    assert readiness_of(world.dr.settings.side, proof).verdict is Verdict.FAIL


def test_an_image_that_is_gone_is_found() -> None:
    world = ready(World())
    world.dr.images.held.clear()

    proof = world.dr.replication.verify_replicas.run()

    assert [check for check, _ in failed(proof)] == ["image-mirrored"]


def test_a_replica_with_other_labels_is_found() -> None:
    world = ready(World())
    before = world.dr.models.registered[0]
    world.dr.models.registered[0] = type(before)(
        **{f: getattr(before, f) for f in before.__struct_fields__} | {"labels": {**before.labels, "team": "nobody"}}
    )

    proof = world.dr.replication.verify_replicas.run()

    assert failed(proof) == [("model-matches", "diagnosis@primary-1")]


def test_a_damaged_manifest_fails_the_side() -> None:
    world = ready(World())
    world.store.objects["gs://staging-europe-west1/manifests/models/x.json"] = b"{"

    proof = world.dr.replication.verify_replicas.run()

    assert failed(proof) == [("manifest-readable", "gs://staging-europe-west1/manifests/models/x.json")]

from __future__ import annotations

from tests.replication.world import World, two_versions
from vertex_dr.kernel.errors import Unreachable
from vertex_dr.kernel.records import from_json, to_json
from vertex_dr.kernel.verdict import Verdict
from vertex_dr.replication.journal import Journal, Outcome
from vertex_dr.replication.observe import newest_catalog


def catalogs(world: World) -> list[str]:
    return sorted(uri for uri in world.store.objects if "/catalogs/" in uri)


def test_an_export_puts_artifacts_under_write_once_names_and_publishes_a_catalog() -> None:
    world = World()
    two_versions(world)

    journal = world.primary.replication.export_models.run()

    assert journal.verdict is Verdict.PASS
    assert world.store.objects["gs://artifacts/models/diagnosis/primary-2/weights.json"] == b'{"factor": 5}'
    assert world.store.objects["gs://artifacts/models/diagnosis/primary-1/more/notes.txt"] == b"notes of 3"
    assert catalogs(world) == ["gs://artifacts/catalogs/primary/00000000000000000001.json"]


def test_a_catalog_says_everything_that_a_replica_needs() -> None:
    world = World()
    two_versions(world)

    world.primary.replication.export_models.run()

    catalog = newest_catalog(world.store, world.dr.settings, world.primary.settings.side)
    assert catalog is not None
    version = catalog.inventory.model_versions[1]
    assert version.identity == "diagnosis@primary-2"
    assert version.aliases == ("champion", "default")
    assert version.artifact is not None
    assert sorted(version.artifact.files) == ["more/notes.txt", "weights.json"]
    assert version.container.image.partition("@")[2].startswith("sha256:")


def test_a_second_export_has_nothing_to_do() -> None:
    world = World()
    two_versions(world)
    world.primary.replication.export_models.run()

    plan = world.primary.replication.export_models.plan()

    assert plan.steps == ()
    assert world.primary.models.exports == 2


def test_a_new_version_alone_is_exported_and_the_next_catalog_names_it() -> None:
    world = World()
    two_versions(world)
    world.primary.replication.export_models.run()
    world.primary.register(7)

    world.primary.replication.export_models.run()

    assert world.primary.models.exports == 3
    assert len(catalogs(world)) == 2


def test_replicas_are_not_exported_again_by_the_side_that_holds_them() -> None:
    world = World()
    two_versions(world)
    world.replicate()

    world.dr.replication.export_models.run()

    assert world.dr.models.exports == 0
    assert catalogs(world)[0] == "gs://artifacts/catalogs/dr/00000000000000000001.json"


def test_an_image_uploaded_by_tag_is_pinned_and_the_catalog_says_so() -> None:
    world = World()
    world.primary.register(3, image=world.primary.image().partition("@")[0] + ":v1")

    world.primary.replication.export_models.run()

    catalog = newest_catalog(world.store, world.dr.settings, world.primary.settings.side)
    assert catalog is not None
    assert catalog.inventory.model_versions[0].resolved_tag == "v1"
    assert "@sha256:" in catalog.inventory.model_versions[0].container.image


def test_a_version_whose_tag_is_gone_is_left_out_loudly_and_the_others_go_on() -> None:
    world = World()
    world.primary.register(3, image=world.primary.image("old").partition("@")[0] + ":v1")
    world.primary.images.tag("old", next(d for n, d in world.primary.images.held if n == "old"), "moved")
    world.primary.images.held = {key: {"moved"} for key in world.primary.images.held}
    world.primary.register(5)

    journal = world.primary.replication.export_models.run()

    assert journal.verdict is Verdict.FAIL
    assert journal.proof is not None
    assert [(f.check, f.subject) for f in journal.proof.findings if f.verdict is Verdict.FAIL] == [
        ("artifact-exported", "diagnosis@primary-1")
    ]
    assert "gs://artifacts/models/diagnosis/primary-2/weights.json" in world.store.objects


def test_a_model_without_artifact_fails_alone_and_the_catalog_tells_that_it_exists() -> None:
    world = World()
    two_versions(world)
    world.primary.models.ingested["diagnosis", "1"] = {}

    journal = world.primary.replication.export_models.run()

    assert [entry.outcome for entry in journal.entries] == [Outcome.FAILED, Outcome.DONE, Outcome.DONE]
    catalog = newest_catalog(world.store, world.dr.settings, world.primary.settings.side)
    assert catalog is not None
    assert [v.artifact is None for v in catalog.inventory.model_versions] == [True, False]


def test_an_artifact_that_lies_there_with_other_content_stays_and_is_named() -> None:
    world = World()
    world.primary.register(3)
    uri = "gs://artifacts/models/diagnosis/primary-1/weights.json"
    world.store.objects[uri] = b'{"factor": 4}'

    journal = world.primary.replication.export_models.run()

    assert world.store.objects[uri] == b'{"factor": 4}'
    assert journal.proof is not None
    assert journal.proof.findings[0].check == "artifact-intact"
    assert uri in journal.proof.findings[0].found


def test_a_quota_that_runs_out_at_one_export_is_made_up_for_by_the_next_run() -> None:
    world = World()
    two_versions(world)
    world.primary.models.faults.fail("export", nth=1)

    first, second = world.primary.replication.export_models.run(), world.primary.replication.export_models.run()

    assert (first.verdict, second.verdict) == (Verdict.INCONCLUSIVE, Verdict.PASS)
    assert "gs://artifacts/models/diagnosis/primary-1/weights.json" in world.store.objects


def test_two_exports_at_once_cannot_overwrite_each_others_catalog() -> None:
    world = World()
    two_versions(world)
    late = world.primary.replication.export_models.plan()
    world.primary.replication.export_models.run()
    world.primary.register(7)

    journal = world.primary.replication.export_models.apply(late)

    assert journal.verdict is Verdict.FAIL
    assert journal.entries[-1].error is not None
    assert journal.entries[-1].error.kind == "ReplicaMismatch"
    assert len(catalogs(world)) == 1


def test_the_journal_is_kept_and_can_be_read_back() -> None:
    world = World()
    two_versions(world)

    journal = world.primary.replication.export_models.run()

    assert world.shared.journals.kept == [("export_models", journal)]
    assert from_json(Journal, to_json(journal), source="the journal") == journal


def test_a_dark_region_raises_and_publishes_nothing() -> None:
    world = World()
    two_versions(world)
    world.darken(world.primary)

    try:
        world.primary.replication.export_models.run()
        raised = False
    except Unreachable:
        raised = True

    assert raised
    assert catalogs(world) == []


def test_a_catalog_is_published_anew_before_the_bucket_lets_old_ones_go() -> None:
    world = World()
    two_versions(world)
    world.primary.replication.export_models.run()

    world.pass_time(days=29)
    young = world.primary.replication.export_models.plan()
    world.pass_time(days=1)
    world.primary.replication.export_models.run()

    assert young.steps == ()
    assert len(catalogs(world)) == 2
    assert world.primary.models.exports == 2

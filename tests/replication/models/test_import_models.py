from __future__ import annotations

import msgspec
import pytest

from tests.replication.world import World, two_versions
from vertex_dr.kernel.errors import DamagedRecord, NotFound, QuotaExhausted
from vertex_dr.kernel.sides import Side
from vertex_dr.kernel.verdict import Verdict
from vertex_dr.replication.journal import Outcome
from vertex_dr.replication.steps import DescribeVersion, UploadVersion


def exported(world: World) -> World:
    two_versions(world)
    world.primary.replication.export_models.run()
    world.dr.replication.mirror_images.run()
    return world


def test_an_import_registers_every_version_as_it_is_on_the_other_side() -> None:
    world = exported(World())

    journal = world.dr.replication.import_models.run()

    first, second = world.dr.models.versions()
    assert journal.verdict is Verdict.PASS
    assert (first.model, first.display_name, first.description) == ("diagnosis", "Diagnosis", "tells good from bad")
    assert (first.version_description, second.version_description) == ("factor 3", "factor 5")
    assert set(second.aliases) == {"default", "champion"}
    assert second.labels["team"] == "ml"
    assert second.labels["vertex-dr-origin"] == "primary-2"
    assert len(second.labels["vertex-dr-digest"]) == 63
    assert second.container.image.startswith("europe-west1-docker.pkg.dev/demo/vdr-images/server@sha256:")
    assert second.container.env == {"MODE": "fast"}
    assert world.dr.models.ingested["diagnosis", "2"]["weights.json"] == b'{"factor": 5}'


def test_an_import_works_while_the_other_region_is_dark() -> None:
    world = exported(World())
    world.darken(world.primary)

    journal = world.dr.replication.import_models.run()

    assert journal.verdict is Verdict.PASS
    assert len(world.dr.models.versions()) == 2


def test_a_second_import_has_nothing_to_do() -> None:
    world = exported(World())
    world.dr.replication.import_models.run()

    assert world.dr.replication.import_models.plan().steps == ()


def test_versions_keep_their_identity_when_the_sides_number_them_otherwise() -> None:
    world = exported(World())
    world.dr.register(11)

    world.dr.replication.import_models.run()

    origins = {v.version: v.labels.get("vertex-dr-origin") for v in world.dr.models.versions()}
    assert origins == {"1": None, "2": "primary-1", "3": "primary-2"}
    assert world.dr.replication.import_models.plan().steps == ()


def test_an_image_that_is_not_mirrored_holds_up_its_versions_and_no_others() -> None:
    world = exported(World())
    world.primary.register(7, image=world.primary.image("newer"))
    world.primary.replication.export_models.run()

    journal = world.dr.replication.import_models.run()

    assert journal.proof is not None
    missing = [f for f in journal.proof.findings if f.check == "image-mirrored"]
    assert journal.verdict is Verdict.FAIL
    assert [f.subject for f in missing] == ["diagnosis@primary-3"]
    assert "europe-west1-docker.pkg.dev/demo/vdr-images/newer@sha256:" in missing[0].found
    assert "run mirror_images on dr" in missing[0].found
    assert len(world.dr.models.versions()) == 2


def test_a_staged_file_with_one_byte_changed_is_never_registered_nor_overwritten() -> None:
    world = exported(World())
    use = world.dr.replication.import_models
    use.apply(use.plan().only("stage-file"))
    uri = "gs://staging-europe-west1/imports/diagnosis/primary-2/weights.json"
    world.store.objects[uri] = b'{"factor": 6}'

    journal = world.dr.replication.import_models.run()

    assert journal.verdict is Verdict.FAIL
    assert journal.proof is not None
    intact = [f for f in journal.proof.findings if f.check == "artifact-intact"]
    assert [f.subject for f in intact] == ["diagnosis@primary-2"]
    assert uri in intact[0].found
    assert world.store.objects[uri] == b'{"factor": 6}'
    assert [v.labels["vertex-dr-origin"] for v in world.dr.models.versions()] == ["primary-1"]


def test_a_file_that_changes_between_staging_and_upload_stops_the_upload() -> None:
    world = exported(World())
    use = world.dr.replication.import_models
    plan = use.plan()
    use.apply(plan.only("stage-file"))
    uri = "gs://staging-europe-west1/imports/diagnosis/primary-1/weights.json"
    world.store.objects[uri] = b'{"factor": 4}'

    journal = use.apply(plan.only("upload-version"))

    assert [entry.outcome for entry in journal.entries] == [Outcome.FAILED, Outcome.DONE]
    assert journal.entries[0].error is not None
    assert "the catalog says crc32c" in journal.entries[0].error.message


def test_a_published_file_that_is_not_what_the_catalog_says_is_not_staged() -> None:
    world = exported(World())
    world.store.objects["gs://artifacts/models/diagnosis/primary-1/weights.json"] = b"{}"

    journal = world.dr.replication.import_models.run()

    assert journal.verdict is Verdict.FAIL
    assert "gs://staging-europe-west1/imports/diagnosis/primary-1/weights.json" not in world.store.objects


def test_an_upload_whose_answer_was_lost_is_not_repeated() -> None:
    world = exported(World())
    world.dr.models.faults.fail("upload", nth=1, after_work=True)

    first, second = world.dr.replication.import_models.run(), world.dr.replication.import_models.run()

    assert (first.verdict, second.verdict) == (Verdict.INCONCLUSIVE, Verdict.PASS)
    assert [v.labels["vertex-dr-origin"] for v in world.dr.models.versions()] == ["primary-1", "primary-2"]


def test_a_quota_stops_one_version_and_the_next_run_registers_it() -> None:
    world = exported(World())
    quota = QuotaExhausted("upload", found="the quota of uploads is used up", then="wait")
    world.dr.models.faults.fail("upload", nth=1, with_=quota)

    first, second = world.dr.replication.import_models.run(), world.dr.replication.import_models.run()

    assert (first.verdict, second.verdict) == (Verdict.INCONCLUSIVE, Verdict.PASS)
    assert len(world.dr.models.versions()) == 2


def test_aliases_follow_the_active_side() -> None:
    world = exported(World())
    world.dr.replication.import_models.run()
    world.primary.models.set_aliases("diagnosis", "1", add=("default", "champion"), remove=())
    world.primary.replication.export_models.run()

    world.dr.replication.import_models.run()

    assert {v.version: set(v.aliases) for v in world.dr.models.versions()} == {
        "1": {"default", "champion"},
        "2": set(),
    }


def test_aliases_of_a_side_that_is_not_active_move_nothing() -> None:
    world = exported(World())
    world.dr.replication.import_models.run()
    world.flip()
    world.dr.models.set_aliases("diagnosis", "1", add=("default",), remove=())
    world.primary.register(7, aliases=("default", "champion"))
    world.primary.replication.export_models.run()

    world.dr.replication.import_models.run()

    assert {v.version: set(v.aliases) for v in world.dr.models.versions()} == {
        "1": {"default"},
        "2": {"champion"},
        "3": set(),
    }


def test_what_was_registered_on_dr_during_an_outage_comes_back_with_its_aliases() -> None:
    world = exported(World())
    world.dr.replication.import_models.run()
    world.flip()
    world.dr.register(9, aliases=("default",))
    world.dr.replication.export_models.run()
    world.primary.replication.mirror_images.run()

    journal = world.primary.replication.import_models.run()

    assert journal.verdict is Verdict.PASS
    back = world.primary.models.versions()[-1]
    assert (back.labels["vertex-dr-origin"], back.aliases) == ("dr-3", ("default",))


def test_a_changed_description_reaches_the_replica() -> None:
    world = exported(World())
    world.dr.replication.import_models.run()
    before = world.primary.models.registered[1]
    world.primary.models.registered[1] = type(before)(
        **{f: getattr(before, f) for f in before.__struct_fields__} | {"description": "better", "labels": {"team": "x"}}
    )
    world.primary.replication.export_models.run()

    world.dr.replication.import_models.run()

    replica = world.dr.models.versions()[1]
    assert replica.description == "better"
    assert replica.labels["team"] == "x"
    assert replica.labels["vertex-dr-origin"] == "primary-2"


def test_a_model_whose_id_the_registry_gave_is_left_out_with_the_reason() -> None:
    world = World()
    world.primary.register(3, model="7193820192")
    world.primary.replication.export_models.run()
    world.dr.replication.mirror_images.run()

    journal = world.dr.replication.import_models.run()

    assert journal.verdict is Verdict.FAIL
    assert journal.plan.skipped[0].subject == "7193820192@primary-1"
    assert "model_id of your own" in journal.plan.skipped[0].problem


def test_without_a_catalog_there_is_one_clear_line() -> None:
    world = World()

    with pytest.raises(NotFound, match="primary has published no catalog; run export_models on primary first"):
        world.dr.replication.import_models.run()


def test_a_damaged_catalog_is_named() -> None:
    world = exported(World())
    uri = "gs://artifacts/catalogs/primary/00000000000000000002.json"
    world.store.objects[uri] = b'{"schema": 1, "side": "primary"'

    with pytest.raises(DamagedRecord, match=uri):
        world.dr.replication.import_models.run()


def test_the_plan_can_be_stopped_at_and_carried_out_later() -> None:
    world = exported(World())

    plan = world.dr.replication.import_models.plan()

    assert world.dr.models.versions() == ()
    assert sum(isinstance(step, UploadVersion) for step in plan.steps) == 2
    assert world.dr.replication.import_models.apply(plan).verdict is Verdict.PASS


def test_primary_does_not_import_what_came_from_itself() -> None:
    world = exported(World())
    world.dr.replication.import_models.run()
    world.dr.replication.export_models.run()

    plan = world.primary.replication.import_models.plan()

    assert plan.steps == ()
    assert plan.side is Side.PRIMARY


def test_a_version_that_is_registered_beside_a_replica_is_the_sides_own_though_it_shows_the_replicas_labels() -> None:
    world = exported(World())
    world.dr.replication.import_models.run()

    world.dr.register(11, labels={"team": "night"})

    held = world.dr.replication.observer(Side.DR).observe().model_versions
    assert world.dr.models.versions()[-1].labels["vertex-dr-origin"] == "primary-1"
    assert [str(v.origin) for v in held] == ["primary-1", "primary-2", "dr-3"]
    assert [v.identity for v in held if v.artifact is None] == ["diagnosis@dr-3"]
    world.dr.replication.export_models.run()
    world.primary.replication.mirror_images.run()
    world.primary.replication.import_models.run()
    assert world.primary.models.ingested["diagnosis", "3"]["weights.json"] == b'{"factor": 11}'


def test_labels_of_the_targets_model_are_no_difference_of_a_replica() -> None:
    world = exported(World())
    world.dr.register(11, labels={"team": "night", "shift": "late"})

    world.dr.replication.import_models.run()

    assert world.dr.models.versions()[1].labels["shift"] == "late"
    assert world.dr.replication.import_models.plan().steps == ()


def test_an_import_registers_a_version_whose_label_only_a_version_of_the_side_itself_shows() -> None:
    world = exported(World())
    world.dr.register(11, labels={"team": "night", "vertex-dr-origin": "primary-2"})

    world.dr.replication.import_models.run()

    assert world.dr.models.ingested["diagnosis", "2"]["weights.json"] == b'{"factor": 3}'
    assert world.dr.models.ingested["diagnosis", "3"]["weights.json"] == b'{"factor": 5}'


@pytest.mark.parametrize("shown", ["the model's", "none"])
def test_a_replica_is_known_whichever_labels_are_shown_with_it(shown: str) -> None:
    world = exported(World())
    world.dr.replication.import_models.run()
    models = world.dr.models
    labels = models.registered[0].labels if shown == "the model's" else {}
    models.registered = [msgspec.structs.replace(one, labels=labels) for one in models.registered]

    plan = world.dr.replication.import_models.plan()

    assert [type(step).__name__ for step in plan.steps if not isinstance(step, DescribeVersion)] == []
    held = world.dr.replication.observer(Side.DR).observe().model_versions
    assert [str(one.origin) for one in held] == ["primary-1", "primary-2"]


def test_a_label_that_is_no_origin_stops_nothing() -> None:
    world = exported(World())
    world.dr.register(11, labels={"vertex-dr-origin": "nonsense"})

    assert world.dr.replication.import_models.run().verdict is Verdict.PASS

from __future__ import annotations

import pytest

from tests.replication.world import World, two_versions
from vertex_dr.kernel.verdict import Verdict
from vertex_dr.replication.journal import Entry, Outcome


def test_a_flip_while_a_plan_is_carried_out_lets_only_the_step_in_flight_end() -> None:
    world = World()
    two_versions(world)
    world.primary.replication.export_models.run()
    world.dr.replication.mirror_images.run()
    plan = world.dr.replication.import_models.plan()
    world.selector.flip_at = world.selector.reads + 3

    journal = world.dr.replication.import_models.apply(plan)

    assert [e.outcome for e in journal.entries] == [Outcome.DONE] * 2 + [Outcome.REFUSED] * 4
    assert journal.entries[2].error is not None
    assert journal.entries[2].error.kind == "StaleEpoch"
    assert "made at epoch 1 and the selector is at 2" in journal.entries[2].error.message


def test_a_plan_made_before_a_flip_does_nothing_after_it() -> None:
    world = World()
    two_versions(world)
    plan = world.primary.replication.export_models.plan()
    world.flip()

    journal = world.primary.replication.export_models.apply(plan)

    assert {e.outcome for e in journal.entries} == {Outcome.REFUSED}
    assert world.primary.models.exports == 0


def test_a_selector_that_does_not_answer_stops_the_steps_and_says_try_again() -> None:
    world = World()
    two_versions(world)
    plan = world.primary.replication.export_models.plan()
    world.selector.faults.fail("read")

    journal = world.primary.replication.export_models.apply(plan)

    assert journal.verdict is Verdict.INCONCLUSIVE
    assert world.primary.models.exports == 0


def test_a_bug_ends_the_run_and_the_journal_says_where() -> None:
    world = World()
    two_versions(world)
    world.primary.models.faults.fail("export", nth=1, with_=KeyError("shape"))  # type: ignore[arg-type] # a bug

    journal = world.primary.replication.export_models.run()

    assert journal.verdict is Verdict.ERROR
    assert [e.outcome for e in journal.entries] == [Outcome.FAILED, Outcome.REFUSED, Outcome.REFUSED]
    assert world.shared.journals.kept == [("export_models", journal)]


@pytest.mark.parametrize("call", ["copy_once", "files", "keep", "read", "write_once"])
@pytest.mark.parametrize("nth", [1, 2, 3, 4])
@pytest.mark.parametrize("after_work", [False, True])
def test_whatever_call_to_storage_is_cut_off_the_next_round_repairs_it(
    call: str, nth: int, *, after_work: bool
) -> None:
    world = World()
    two_versions(world)
    port = world.shared.journals if call == "keep" else world.store
    port.faults.fail(call, nth=nth, after_work=after_work)
    for _ in range(2):
        for use in (
            world.primary.replication.export_models,
            world.dr.replication.mirror_images,
            world.dr.replication.publish_pipelines,
            world.dr.replication.import_models,
        ):
            try:
                use.run()
            except Exception as error:  # noqa: BLE001 - whatever stops this round
                assert type(error).__name__ in {"Unreachable", "NotFound"}  # noqa: PT017 - it may also not be raised

    proof = world.dr.replication.verify_replicas.prove()

    replicated = [f for f in proof.findings if f.check != "deployment-matches"]
    assert {f.verdict for f in replicated} == {Verdict.PASS}
    origins = sorted(v.labels["vertex-dr-origin"] for v in world.dr.models.versions())
    assert origins == ["primary-1", "primary-2"]


def test_each_step_is_noted_as_it_ends_so_that_a_run_which_is_cut_off_leaves_what_it_did() -> None:
    world = World()
    two_versions(world)
    world.primary.models.faults.fail("export", nth=2, with_=KeyboardInterrupt())  # type: ignore[arg-type] # the end

    with pytest.raises(KeyboardInterrupt):
        world.primary.replication.export_models.run()

    assert world.shared.journals.kept == []
    [(name, noted)] = world.shared.journals.noted.items()
    assert name == "journals/export_models/run/0001.json"
    assert isinstance(noted, Entry)
    assert (noted.step.subject, noted.outcome) == ("diagnosis@primary-1", Outcome.DONE)


def test_a_step_that_cannot_be_noted_is_done_all_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    world = World()
    two_versions(world)
    world.shared.journals.faults.fail("note", nth=1)

    journal = world.primary.replication.export_models.run()

    assert journal.verdict is Verdict.PASS
    assert "replication.step.unnoted" in capsys.readouterr().err
    assert len(world.shared.journals.noted) == len(journal.entries) - 1


def test_what_was_not_run_is_not_noted() -> None:
    world = World()
    two_versions(world)
    plan = world.primary.replication.export_models.plan()
    world.flip()

    world.primary.replication.export_models.apply(plan)

    assert world.shared.journals.noted == {}

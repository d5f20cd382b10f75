"""Every answer that Google may give is told for what it is, and nothing is left behind."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from preflight.discovery import answers
from preflight.discovery.artifact import artifact
from preflight.discovery.removals import ScratchRemovals
from preflight.discovery.run import discover
from preflight.records import Discovered, Discovery, PreflightReport, Written
from tests.memory.preflight import MemoryScratch
from tests.memory.traffic import Time
from tests.preflight.samples import declaration
from vertex_dr.kernel.errors import Denied
from vertex_dr.kernel.sides import Side
from vertex_dr.kernel.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
REGIONS = {Side.PRIMARY: "europe-west4", Side.DR: "europe-west1"}


class World:
    """Scratch resources in memory, on a clock that only waiting moves."""

    def __init__(self) -> None:
        self.time = Time(NOW)
        self.removals = ScratchRemovals()
        self.scratch = MemoryScratch(self.removals, self.time)

    def discovered(self) -> Discovered:
        return discover(self.scratch, self.removals, REGIONS, clock=self.time, sleep=self.time.sleep)

    def answer(self, part: str) -> Discovery:
        return next(one for one in self.discovered().discoveries if part in one.question)


@pytest.fixture
def world() -> World:
    return World()


def test_a_run_answers_every_question_and_leaves_nothing(world: World) -> None:
    found = world.discovered()

    assert {one.verdict for one in found.discoveries} == {Verdict.PASS}
    assert (len(found.discoveries), found.left, world.scratch.is_empty) == (6, (), True)


def test_the_time_until_grants_hold_is_measured(world: World) -> None:
    world.scratch.accounts.denials = 30
    world.scratch.buckets.grants_after_seconds = 90

    found = world.answer("create-only")

    assert "to act as an account 30 s, to create in a bucket 90 s" in found.answer
    assert (found.verdict, found.seconds) == (Verdict.PASS, 120)


def test_a_grant_that_never_holds_is_inconclusive_after_a_quarter_of_an_hour(world: World) -> None:
    world.scratch.buckets.grants_after_seconds = 10**6

    found = world.answer("create-only")

    assert (found.verdict, found.seconds) == (Verdict.INCONCLUSIVE, 900)
    assert "refused for 900 s" in found.answer
    assert world.scratch.is_empty


def test_an_api_that_is_off_is_told_at_once(world: World) -> None:
    off = Denied("get a token", found="403: IAM Credentials API is disabled", then="enable it")
    world.scratch.accounts.faults.fail("token", with_=off)

    found = world.answer("create-only")

    assert (found.verdict, found.remedy, world.time.slept) == (Verdict.INCONCLUSIVE, "enable it", [])


def test_the_scratch_model_is_read_by_any_version_of_numpy() -> None:
    assert b"numpy" not in artifact()["model.joblib"]


@pytest.mark.parametrize(
    ("outcome", "verdict"),
    [(Written.EXISTS, Verdict.PASS), (Written.FORBIDDEN, Verdict.PASS), (Written.CREATED, Verdict.FAIL)],
)
def test_a_create_only_writer_may_be_refused_in_two_ways_and_never_replace(
    world: World, outcome: Written, verdict: Verdict
) -> None:
    world.scratch.buckets.meets_existing = outcome

    assert world.answer("create-only").verdict is verdict


@pytest.mark.parametrize(
    ("merges", "told"),
    [
        (True, "version 2 shows the first upload's and the second upload's"),
        (False, "version 2 shows the second upload's"),
    ],
)
def test_where_labels_land_is_told(world: World, told: str, *, merges: bool) -> None:
    world.scratch.models.merges_labels = merges

    found = world.answer("labels")

    assert found.verdict is Verdict.PASS
    assert told in found.answer


def test_versions_that_lose_their_labels_fail() -> None:
    first, second = {"a": "1"}, {"b": "2"}
    views = {"the model": first, "version 1": first, "version 2": first}

    found = answers.upload_labels(first, second, views)

    assert found.verdict is Verdict.FAIL


def test_versions_that_differ_between_the_regions_fail(world: World) -> None:
    world.scratch.repositories.version_of = lambda region, _content: f"sha256:{region}"

    found = world.answer("pipeline spec")

    assert (found.verdict, found.answer) == (
        Verdict.FAIL,
        "europe-west4: sha256:europe-west4; europe-west1: sha256:europe-west1",
    )


@pytest.mark.parametrize(
    ("statuses", "verdict", "told"),
    [
        ((201, 201), Verdict.PASS, "one POST does too"),
        ((201, 202), Verdict.PASS, "starts an upload only"),
        ((202, 202), Verdict.FAIL, "answered 202"),
    ],
)
def test_how_a_blob_goes_up_is_told(world: World, statuses: tuple[int, int], verdict: Verdict, told: str) -> None:
    world.scratch.repositories.statuses = statuses

    found = world.answer("blob")

    assert found.verdict is verdict
    assert told in found.answer


@pytest.mark.parametrize(("destroys", "told"), [(True, "accepted"), (False, "refused")])
def test_what_destroying_a_serving_endpoint_does_is_told(world: World, told: str, *, destroys: bool) -> None:
    world.scratch.models.destroys_serving = destroys

    assert world.answer("endpoint").answer.startswith(told)
    assert world.scratch.is_empty


@pytest.mark.parametrize(
    ("told", "found", "verdict"),
    [
        ("gs://b/export/model-1", ["model.joblib"], Verdict.PASS),
        ("gs://b/export/model-1", ["model.joblib", "environment.json"], Verdict.PASS),
        ("gs://b/export/model-1", ["artifact/model.joblib"], Verdict.FAIL),
        ("gs://elsewhere/model-1", ["model.joblib"], Verdict.FAIL),
    ],
)
def test_an_export_lies_where_it_says_under_its_own_names(told: str, found: list[str], verdict: Verdict) -> None:
    assert answers.export_layout(told, "gs://b/export", found, ["model.joblib"]).verdict is verdict


def test_what_needs_the_model_is_inconclusive_when_its_upload_fails(world: World) -> None:
    world.scratch.models.faults.fail("upload", with_=Denied("upload", found="403", then="get the role"))

    verdicts = [one.verdict for one in world.discovered().discoveries]

    assert verdicts == [Verdict.PASS] * 3 + [Verdict.INCONCLUSIVE] * 3
    assert world.scratch.is_empty


@pytest.mark.parametrize("call", ["make", "grant", "write"])
def test_a_failure_on_the_way_leaves_nothing(world: World, call: str) -> None:
    world.scratch.buckets.faults.fail(call)

    assert world.discovered().left == ()
    assert world.scratch.is_empty


def test_a_resource_made_whose_answer_was_lost_is_removed_too(world: World) -> None:
    world.scratch.buckets.faults.fail("make", nth=1, after_work=True)
    world.scratch.repositories.faults.fail("make", nth=1, after_work=True)

    assert world.discovered().left == ()
    assert world.scratch.is_empty


def test_what_cannot_be_removed_is_named_and_fails_the_report(world: World) -> None:
    world.scratch.buckets.faults.fail("remove", with_=Denied("remove", found="403", then="get the role"))

    found = world.discovered()
    report = PreflightReport.of(declaration(), (), found, at=NOW)

    assert [one.partition(":")[0] for one in found.left] == ["bucket scratch-europe-west4-0"]
    assert report.verdict is Verdict.FAIL


def test_an_interrupted_run_removes_what_it_made(world: World) -> None:
    def interrupted(_seconds: float) -> None:
        raise KeyboardInterrupt

    world.scratch.buckets.grants_after_seconds = 90

    with pytest.raises(KeyboardInterrupt):
        discover(world.scratch, world.removals, REGIONS, clock=world.time, sleep=interrupted)
    assert world.scratch.is_empty


@pytest.mark.parametrize(
    ("discoveries", "verdict"),
    [
        ((), Verdict.INCONCLUSIVE),
        ((Verdict.PASS,), Verdict.PASS),
        ((Verdict.PASS, Verdict.INCONCLUSIVE), Verdict.INCONCLUSIVE),
    ],
)
def test_a_report_is_as_good_as_its_worst_answer(discoveries: tuple[Verdict, ...], verdict: Verdict) -> None:
    made: Callable[[Verdict], Discovery] = lambda one: Discovery(question="?", verdict=one, answer="", seconds=0)  # noqa: E731 - a row

    discovered = Discovered(discoveries=tuple(made(one) for one in discoveries))
    assert PreflightReport.of(declaration(), (), discovered, at=NOW).verdict is verdict

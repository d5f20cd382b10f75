"""What a request meets while something is wrong on purpose."""

from __future__ import annotations

import asyncio
from statistics import median
from typing import Any

import pytest

from localcloud.core.errors import ApiError
from localcloud.core.faults.switches import Dark, Mode, Switch, Switches

REGION, API = "europe-west4", "aiplatform"


class Slept(list[float]):
    """A sleep that notes how long it would have taken."""

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def slept() -> Slept:
    return Slept()


@pytest.fixture
def switches(slept: Slept) -> Switches:
    return Switches("123456789012", slept)


async def met(switches: Switches, *, region: str | None = REGION, api: str = API, caller: str | None = None) -> Any:
    """Return what one request meets: a mode, a status, or None."""
    with switches.request_of(lambda: caller):
        try:
            await switches.check(region, api)
        except Dark as dark:
            return dark.mode
        except ApiError as error:
            return error.code
    return None


@pytest.mark.parametrize("mode", [Mode.REFUSED, Mode.HANGING])
async def test_darkness_is_for_everybody_and_ends_at_the_heal(switches: Switches, mode: Mode):
    switches.throw(Switch(region=REGION, mode=mode))

    assert switches.is_dark(REGION, API) is mode
    assert await met(switches) is mode
    with pytest.raises(Dark):
        await switches.check(REGION, API)  # nobody's request
    switches.heal(REGION)
    assert (switches.is_dark(REGION, API), await met(switches), switches.as_json()) == (None, None, [])


async def test_a_partition_is_one_callers_and_makes_nothing_dark(switches: Switches):
    switches.throw(Switch(region=REGION, caller="prober-dr@demo.iam.gserviceaccount.com"))

    assert switches.is_dark(REGION, API) is None
    assert await met(switches, caller="prober-dr@demo.iam.gserviceaccount.com") is Mode.REFUSED
    assert await met(switches, caller="other@demo.iam.gserviceaccount.com") is None
    assert await met(switches, caller=None) is None


async def test_who_asks_is_found_out_only_where_it_matters_and_once(switches: Switches):
    asked: list[int] = []

    def caller() -> str:
        asked.append(1)
        return "a@b"

    with switches.request_of(caller):
        await switches.check(REGION, API)
        assert asked == []
        switches.throw(Switch(region=REGION, caller="x@y"))
        for _ in range(3):
            await switches.check(REGION, API)

    assert asked == [1]


async def test_faults_of_several_kinds_and_places_add_up(switches: Switches, slept: Slept):
    switches.throw(Switch(region=REGION, caller="a@b", mode=Mode.REFUSED))
    switches.throw(Switch(region=REGION, api=API, mode=Mode.SLOW))
    switches.throw(Switch(region=REGION, api="storage", mode=Mode.QUOTA))
    switches.throw(Switch(region=REGION, mode=Mode.HALF, share=1))

    assert await met(switches, caller="a@b") is Mode.REFUSED
    assert slept == []
    assert (await met(switches), len(slept)) == (503, 1)
    assert (await met(switches, api="storage"), len(slept)) == (429, 1)
    assert await met(switches, region="europe-west1", caller="a@b") is None
    assert await met(switches, region=None) is None


async def test_a_later_order_of_the_same_kind_and_place_replaces_the_earlier_one(switches: Switches):
    switches.throw(Switch(region=REGION))
    switches.throw(Switch(region=REGION, mode=Mode.HANGING))
    switches.throw(Switch(region=REGION, mode=Mode.HALF))
    switches.throw(Switch(region=REGION, mode=Mode.HALF, share=0.1))

    assert [(one["mode"], one.get("share")) for one in switches.as_json()] == [("hanging", None), ("half", 0.1)]


async def outcomes(switches: Switches, requests: int) -> list[Any]:
    return [await met(switches) for _ in range(requests)]


@pytest.mark.parametrize(("share", "least", "most"), [(None, 450, 550), (0.1, 70, 130), (0.9, 870, 930)])
async def test_a_share_of_the_requests_meets_it(switches: Switches, share: float | None, least: int, most: int):
    switches.throw(Switch(region=REGION, mode=Mode.HALF, share=share))

    found = await outcomes(switches, 1000)

    assert least <= found.count(503) <= most
    assert switches.as_json()[0]["met"] == found.count(503)


async def test_the_same_seed_meets_the_same_requests_with_the_same_outcomes(switches: Switches, slept: Slept):
    def throw(seed: int) -> None:
        switches.throw(Switch(region=REGION, mode=Mode.HALF, seed=seed))
        switches.throw(Switch(region=REGION, mode=Mode.SLOW, seed=seed))
        slept.clear()

    throw(7)
    first, waited = await outcomes(switches, 50), list(slept)
    throw(7)
    again, waited_again = await outcomes(switches, 50), list(slept)
    throw(8)
    other = await outcomes(switches, 50)

    assert (first, waited) == (again, waited_again)
    assert other != first


async def test_a_slow_region_answers_late_by_a_distribution_around_its_median(switches: Switches, slept: Slept):
    switches.throw(Switch(region=REGION, mode=Mode.SLOW, latency_ms=800))

    assert await outcomes(switches, 1000) == [None] * 1000

    assert median(slept) == pytest.approx(0.8, rel=0.1)
    assert sorted(slept)[989] == pytest.approx(0.8 * 3.2, rel=0.25)


async def test_the_heal_ends_the_wait_of_those_who_are_late():
    asked = asyncio.Event()

    async def for_ever(_seconds: float) -> None:
        asked.set()
        await asyncio.get_running_loop().create_future()

    switches = Switches("123456789012", for_ever)
    switches.throw(Switch(region=REGION, mode=Mode.SLOW))
    waiting = asyncio.create_task(met(switches))
    await asked.wait()
    assert not waiting.done()

    switches.heal(REGION)

    assert await waiting is None


async def test_each_fault_decides_once_about_a_request_that_is_checked_in_several_places(
    switches: Switches, slept: Slept
):
    switches.throw(Switch(region=REGION, mode=Mode.SLOW))
    switches.throw(Switch(region=REGION, mode=Mode.HALF, share=0.5))
    refused = 0

    for _ in range(1000):
        with switches.request_of(lambda: None):
            try:
                for place in ("run.app", "run", "run"):
                    await switches.check(REGION, place)
            except ApiError:
                refused += 1

    assert len(slept) == 1000
    assert 450 <= refused <= 550


async def test_each_part_of_a_batch_is_a_request_of_the_same_caller(switches: Switches):
    switches.throw(Switch(region=REGION, caller="a@b", mode=Mode.HALF))
    refused = 0

    with switches.request_of(lambda: "a@b"):
        for _ in range(100):
            with switches.part_of_a_request():
                try:
                    await switches.check(REGION, API)
                except ApiError:
                    refused += 1

    assert 30 <= refused <= 70


@pytest.mark.parametrize(
    ("switch", "code", "status", "retry_after"),
    [
        (Switch(region=REGION, mode=Mode.HALF, share=1), 503, "UNAVAILABLE", None),
        (Switch(region=REGION, mode=Mode.HALF, share=1, retry_after_seconds=4), 503, "UNAVAILABLE", 4),
        (Switch(region=REGION, mode=Mode.HALF, share=1, status=429), 429, "RESOURCE_EXHAUSTED", None),
        (Switch(region=REGION, mode=Mode.QUOTA, retry_after_seconds=0), 429, "RESOURCE_EXHAUSTED", 0),
    ],
)
async def test_a_refusal_is_the_one_that_was_ordered(
    switches: Switches, switch: Switch, code: int, status: str, retry_after: int | None
):
    switches.throw(switch)

    with switches.request_of(lambda: None), pytest.raises(ApiError) as refused:
        await switches.check(REGION, API)

    assert (refused.value.code, refused.value.status, refused.value.retry_after_seconds) == (code, status, retry_after)


@pytest.mark.parametrize(
    ("region", "api", "service", "limit"),
    [
        (REGION, "aiplatform", "aiplatform", "DefaultRequestsPerMinutePerProjectPerRegion"),
        (REGION, "docker", "artifactregistry", "DefaultRequestsPerMinutePerProjectPerRegion"),
        (None, "secretmanager", "secretmanager", "DefaultRequestsPerMinutePerProject"),
    ],
)
async def test_an_exhausted_quota_is_told_in_googles_words(
    switches: Switches, region: str | None, api: str, service: str, limit: str
):
    switches.throw(Switch(region=region or "global", mode=Mode.QUOTA))

    with switches.request_of(lambda: None), pytest.raises(ApiError) as refused:
        await switches.check(region, api)

    info, failure = refused.value.details
    assert refused.value.message == (
        f"Quota exceeded for quota metric '{service}.googleapis.com/default_requests' and limit '{limit}' of service "
        f"'{service}.googleapis.com' for consumer 'project_number:123456789012'."
    )
    assert (info["reason"], info["metadata"]["quota_limit"]) == ("RATE_LIMIT_EXCEEDED", limit)
    assert info["metadata"]["quota_location"] == (region or "global")
    assert failure["violations"] == [{"subject": "project_number:123456789012", "description": refused.value.message}]


async def test_wrong_predictions_are_nothing_that_a_check_meets(switches: Switches):
    switches.throw(Switch(region=REGION, mode=Mode.WRONG, caller="a@b"))

    with switches.request_of(lambda: "a@b"):
        await switches.check(REGION, API)
        assert switches.altering(REGION, API) is not None
        assert switches.altering("europe-west1", API) is None
    with switches.request_of(lambda: "c@d"):
        assert switches.altering(REGION, API) is None

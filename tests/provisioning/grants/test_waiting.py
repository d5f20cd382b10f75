"""Waiting for grants: until each holds twice in a row, no longer than the limit, and with a reason at its end."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from provisioning.grants.records import Finding, Grant, Kind, Place
from provisioning.grants.waiting import WaitForGrants, WaitPolicy
from vertex_dr.kernel.errors import Denied

if TYPE_CHECKING:
    from collections.abc import Sequence

START = datetime(2026, 11, 24, 3, tzinfo=UTC)
HOLDS, NOT_YET = Finding(holds=True), Finding(holds=False, because="it lacks storage.objects.list")


def grant(identity: str) -> Grant:
    return Grant(
        identity=f"{identity}@demo.iam.gserviceaccount.com",
        place=Place(kind=Kind.BUCKET, name="demo-vdr-artifacts"),
        role="roles/storage.objectViewer",
        permission="storage.objects.list",
    )


@dataclass
class World:
    """A clock that sleeping moves, and answers that depend on the time and on how often one has asked."""

    holds_after: dict[Grant, float] = field(default_factory=dict)
    flickers: dict[Grant, list[Finding]] = field(default_factory=dict)
    passed: float = 0.0
    asked: dict[Grant, int] = field(default_factory=lambda: defaultdict(int))
    told: list[str] = field(default_factory=list)

    def clock(self) -> datetime:
        return START + timedelta(seconds=self.passed)

    def sleep(self, seconds: float) -> None:
        self.passed += seconds

    def try_all(self, grants: Sequence[Grant]) -> list[Finding]:
        return [self._one(one) for one in grants]

    def _one(self, one: Grant) -> Finding:
        self.asked[one] += 1
        if self.flickers.get(one):
            return self.flickers[one].pop(0)
        return HOLDS if self.passed >= self.holds_after.get(one, 0.0) else NOT_YET

    def waiting(self, **policy: float) -> WaitForGrants:
        return WaitForGrants(trials=self, clock=self.clock, sleep=self.sleep, policy=WaitPolicy(**policy))  # type: ignore[arg-type] # in_a_row is whole in every test


def test_grants_that_hold_already_cost_one_pause_since_each_must_hold_twice():
    world = World()

    waited = world.waiting().run([grant("export"), grant("import")], world.told.append)

    assert waited.held == (grant("export"), grant("import"))
    assert waited.seconds == WaitPolicy().first_pause_seconds
    assert world.told == []


def test_the_wait_ends_soon_after_the_last_grant_holds():
    world = World(holds_after={grant("export"): 20.0})

    waited = world.waiting().run([grant("export"), grant("import")], world.told.append)

    assert 20.0 <= waited.seconds <= 20.0 + 2 * WaitPolicy().longest_pause_seconds
    assert world.asked[grant("import")] == 2  # what holds is asked about no more
    assert world.told[0] == (
        "0 s: 1 grants do not hold yet, such as export@demo.iam.gserviceaccount.com: roles/storage.objectViewer on"
        " bucket demo-vdr-artifacts (it lacks storage.objects.list)"
    )


def test_a_grant_that_one_replica_does_not_know_yet_starts_its_row_again():
    world = World(flickers={grant("export"): [HOLDS, NOT_YET, HOLDS]})

    waited = world.waiting().run([grant("export")])

    assert world.asked[grant("export")] == 4
    assert waited.held == (grant("export"),)


def test_after_the_limit_it_is_denied_with_the_grants_that_do_not_hold():
    world = World(holds_after={grant("export"): 10_000.0})

    with pytest.raises(Denied) as denied:
        world.waiting(limit_seconds=900.0).run([grant("export"), grant("import")], world.told.append)

    assert world.passed <= 900.0
    assert "1 grants of terraform/envs/global do not hold after" in str(denied.value)
    assert "export@demo.iam.gserviceaccount.com: roles/storage.objectViewer on bucket demo-vdr-artifacts" in str(
        denied.value
    )
    assert "import@" not in str(denied.value)


def test_without_any_time_a_grant_that_held_once_is_not_taken_for_held():
    with pytest.raises(Denied, match="it held once, and was not seen again"):
        World().waiting(limit_seconds=0.0).run([grant("export")])


def test_what_nobody_can_try_is_told_and_not_waited_for():
    world = World(flickers={grant("builds"): [Finding(holds=None, because="there is no bucket yet")]})

    waited = world.waiting().run([grant("builds"), grant("export")])

    assert waited.untried == ((grant("builds"), "there is no bucket yet"),)
    assert waited.held == (grant("export"),)


def test_pauses_grow_to_their_longest():
    world = World(holds_after={grant("export"): 300.0})

    world.waiting().run([grant("export")])

    assert world.asked[grant("export")] <= 5 + 300 / WaitPolicy().longest_pause_seconds


def test_nothing_to_wait_for_takes_no_time():
    assert World().waiting().run([]).seconds == 0.0

"""Applying saved plans: in order, exactly as saved, and made again only where somebody can be asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from provisioning.apply import Apply
from provisioning.terraform import Applied, ApplyFailed
from vertex_dr.kernel.errors import BadInput, Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from provisioning.grants.waiting import WaitForGrants

ALL = ("global", "primary", "dr")


@dataclass
class Environments:
    """Environments in memory: a plan is fresh, stale or missing, and an apply can stop halfway."""

    plans: dict[str, str] = field(default_factory=lambda: dict.fromkeys(ALL, "fresh"))
    left_to_do: set[str] = field(default_factory=lambda: set(ALL))
    stops_in: set[str] = field(default_factory=set)
    done: list[str] = field(default_factory=list)

    def has_plan(self, environment: str) -> bool:
        return environment in self.plans

    def plan_file(self, environment: str) -> Path:
        return Path("plans") / f"{environment}.tfplan"

    def plan(self, environment: str) -> bool:
        self.done.append(f"plan {environment}")
        self.plans[environment] = "fresh"
        return environment in self.left_to_do

    def apply(self, environment: str) -> Applied:
        if self.plans[environment] == "stale":
            return Applied.STALE
        if environment in self.stops_in:
            self.plans[environment] = "stale"
            raise ApplyFailed(f"apply {environment}", found="it stopped", then="go on")
        self.done.append(f"apply {environment}")
        self.forget(environment)
        self.left_to_do.discard(environment)
        return Applied.DONE

    def forget(self, environment: str) -> None:
        self.plans.pop(environment, None)

    def state(self, environment: str) -> dict[str, Any]:
        self.done.append(f"state {environment}")
        return {"values": {"root_module": {}}}


def applying(environments: Environments, *answers: str, told: list[str] | None = None) -> Apply:
    """Return an apply that is answered so; without answers nobody can be asked."""
    queue = list(answers)

    def ask(_question: str) -> str:
        return queue.pop(0)

    def waiting() -> WaitForGrants:
        raise AssertionError("a state without grants needs no wait")

    tell: Callable[[str], None] = (told if told is not None else []).append
    return Apply(environments=environments, waiting=waiting, ask=ask if answers else None, tell=tell)


def test_the_plans_are_applied_in_order_and_global_is_waited_for_before_the_sides():
    environments = Environments()

    applying(environments).run(ALL)

    assert environments.done == ["apply global", "state global", "apply primary", "apply dr"]


def test_a_side_alone_asks_nothing_of_the_others():
    environments = Environments(plans={"dr": "fresh"})

    applying(environments).run(["dr"])

    assert environments.done == ["apply dr"]


def test_in_a_pipeline_nothing_is_applied_while_a_plan_is_missing():
    environments = Environments(plans={"global": "fresh", "primary": "fresh"})

    with pytest.raises(BadInput, match=r"cannot apply dr: found no plans/dr.tfplan; make plan-dr saves it"):
        applying(environments).run(ALL)

    assert environments.done == []


def test_in_a_pipeline_a_stale_plan_needs_a_new_approval():
    environments = Environments(plans={"global": "fresh", "primary": "stale", "dr": "fresh"})

    with pytest.raises(Refused, match=r"saved plan of primary: its state has changed.*have the new plan approved"):
        applying(environments).run(ALL)

    assert environments.done == ["apply global", "state global"]


def test_by_hand_an_apply_that_stopped_halfway_goes_on_where_it_stopped():
    environments = Environments(stops_in={"primary"})
    with pytest.raises(ApplyFailed):
        applying(environments, "unasked").run(ALL)
    environments.stops_in.clear()
    told: list[str] = []

    applying(environments, "yes", told=told).run(ALL)

    assert environments.done == [
        "apply global", "state global",
        "plan global", "state global", "plan primary", "apply primary", "apply dr",
    ]  # fmt: skip
    assert "global: no plan of it is saved; planning again" in told
    assert "global: nothing to do" in told
    assert "primary: its state has changed since it was planned; planning again" in told


@pytest.mark.parametrize("answer", ["", "y", "no", "YES"])
def test_by_hand_a_new_plan_is_applied_after_a_yes_only(answer: str):
    environments = Environments(plans={"primary": "stale"})

    with pytest.raises(Refused, match="it was turned down"):
        applying(environments, answer).run(["primary"])

    assert environments.done == ["plan primary"]


def test_a_plan_that_goes_stale_while_it_is_asked_about_is_not_planned_for_ever():
    class Contested(Environments):
        def plan(self, environment: str) -> bool:
            super().plan(environment)
            self.plans[environment] = "stale"
            return True

    with pytest.raises(Refused, match="find out who applies at the same time"):
        applying(Contested(plans={"dr": "stale"}), "yes").run(["dr"])

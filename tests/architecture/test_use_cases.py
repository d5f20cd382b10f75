"""Use cases have one dialect: each has `run`, and what replication writes goes through a plan."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import pytest

from tests.memory.ports import MemoryPorts, SharedPorts
from tests.memory.traffic import Time
from tests.replication.world import NOW, settings_of
from tests.ways import PAGE
from vertex_dr.kernel.sides import Side
from vertex_dr.replication.execution import PlannedUseCase
from vertex_dr.wiring.entry_points import Capabilities

CAPABILITIES = [name for name, found in vars(Capabilities).items() if isinstance(found, cached_property)]


def use_cases() -> dict[str, Any]:
    settings = settings_of(Side.DR)
    capabilities = Capabilities(settings, MemoryPorts(settings, SharedPorts(clock=Time(NOW))))
    found = {}
    for capability in (getattr(capabilities, name) for name in CAPABILITIES):
        names = [name for name, wired in vars(type(capability)).items() if isinstance(wired, cached_property)]
        found |= {name: getattr(capability, name) for name in names}
    return found


@pytest.mark.parametrize("name", use_cases())
def test_a_use_case_has_run_with_its_contract(name: str) -> None:
    run = type(use_cases()[name]).run

    assert callable(run)
    assert run.__doc__


def test_the_page_tells_of_each_use_case_that_is_not_planned_why() -> None:
    told = PAGE.read_text().split("these are not, and why:")[1].split("\n## ")[0]
    not_planned = {name for name, one in use_cases().items() if not isinstance(one, PlannedUseCase)}

    assert {name for name in use_cases() if f"`{name}`" in told} == not_planned

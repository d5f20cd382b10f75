from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from tests.traffic.samples import selector

if TYPE_CHECKING:
    from tests.contract.traffic.project import TrafficProject
    from vertex_dr.kernel.settings import Settings
    from vertex_dr.traffic.records import Selector
    from vertex_dr.wiring.google_ports import GooglePorts


@dataclass
class Kept:
    """Both places of copies, and selectors of the service that they are for."""

    ports: Any
    service: str

    def states(self) -> Any:
        return self.ports.copies.states()

    def of(self, epoch: int, active: str = "primary") -> Selector:
        return msgspec.structs.replace(selector(epoch=epoch, active=active), service=self.service)

    def write(self, epoch: int, active: str = "primary") -> Any:
        return self.ports.copies.write_missing(self.of(epoch, active))


@pytest.fixture
def kept(ports: Any) -> Kept:
    return Kept(ports, ports.settings.service)


@pytest.fixture
def kept_in_google(google: GooglePorts) -> Kept:
    return Kept(google, google.settings.service)


def epochs(states: Any) -> list[int | None]:
    return [state.selector.epoch if state.selector else None for state in states]


def test_before_the_first_write_both_places_are_empty_and_well(kept: Kept) -> None:
    states = kept.states()

    assert epochs(states) == [None, None]
    assert [state.problem for state in states] == [None, None]


def test_a_written_selector_is_read_back_from_both_places(kept: Kept) -> None:
    kept.write(3, "dr")

    assert [state.selector for state in kept.states()] == [kept.of(3, "dr")] * 2


def test_the_highest_epoch_is_read(kept: Kept) -> None:
    for epoch in (1, 2, 10, 11):
        kept.write(epoch)

    assert epochs(kept.states()) == [11, 11]


def test_an_older_selector_is_not_written_over_a_newer_one(kept: Kept) -> None:
    kept.write(5)

    written = kept.write(4)

    assert epochs(written) == [5, 5]
    assert epochs(kept.states()) == [5, 5]


def test_repeating_a_write_adds_nothing(kept_in_google: Kept, settings: Settings, project: TrafficProject) -> None:
    for _ in range(3):
        kept_in_google.write(1)

    path = f"/secretmanager/v1/projects/{settings.project}/secrets/{settings.selector_secret}/versions"
    assert len(project.call("GET", path)["versions"]) == 1


@pytest.mark.parametrize(("dark", "left"), [("secretmanager", "bucket"), ("storage", "secret")])
def test_a_dark_place_says_so_and_the_other_one_serves(
    kept_in_google: Kept, project: TrafficProject, dark: str, left: str
) -> None:
    kept_in_google.write(1)
    project.admin("outage", region="global", service=dark)

    written = kept_in_google.write(2)

    states = {"secret": written[0], "bucket": written[1]}
    assert states.pop(left).problem is None
    [other] = states.values()
    assert other.problem is not None
    assert "did not answer" in other.problem or "cannot" in other.problem


def test_a_later_run_writes_what_was_missing(kept_in_google: Kept, project: TrafficProject) -> None:
    project.admin("outage", region="global", service="secretmanager")
    kept_in_google.write(1)
    project.admin("heal", region="global")

    written = kept_in_google.write(1)

    assert epochs(written) == [1, 1]

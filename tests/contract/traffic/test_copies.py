from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from tests.traffic.samples import selector
from vertex_dr.kernel.records import to_json

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
    project.admin("outage", region="global", api=dark)

    written = kept_in_google.write(2)

    states = {"secret": written[0], "bucket": written[1]}
    assert states.pop(left).problem is None
    [other] = states.values()
    assert other.problem is not None
    assert "did not answer" in other.problem or "cannot" in other.problem


def test_a_later_run_writes_what_was_missing(kept_in_google: Kept, project: TrafficProject) -> None:
    project.admin("outage", region="global", api="secretmanager")
    kept_in_google.write(1)
    project.admin("heal", region="global")

    written = kept_in_google.write(1)

    assert epochs(written) == [1, 1]


def stale(project: TrafficProject, request: pytest.FixtureRequest) -> None:
    """Let `latest` and lists of secrets know nothing of what is written from now on, until the test ends."""
    project.admin("secretmanager/stale")
    request.addfinalizer(lambda: project.admin("secretmanager/fresh"))


def versions_of(settings: Settings) -> str:
    return f"/secretmanager/v1/projects/{settings.project}/secrets/{settings.selector_secret}/versions"


def another_process(google: GooglePorts) -> Kept:
    return Kept(type(google)(google.settings), google.settings.service)


def test_the_newest_copy_is_read_while_latest_names_an_older_version(
    google: GooglePorts, project: TrafficProject, settings: Settings, request: pytest.FixtureRequest
) -> None:
    writer, reader = another_process(google), another_process(google)
    writer.write(1)
    stale(project, request)
    writer.write(2)
    writer.write(3)

    assert project.call("GET", f"{versions_of(settings)}/latest")["name"].endswith("/1")
    assert epochs(reader.states()) == [3, 3]
    assert epochs(reader.write(3)) == [3, 3]
    assert project.call("GET", f"{versions_of(settings)}/3")["name"].endswith("/3")
    project.call("GET", f"{versions_of(settings)}/4", accept=(404,))


def test_the_first_copy_is_read_while_latest_knows_none(
    google: GooglePorts, project: TrafficProject, request: pytest.FixtureRequest
) -> None:
    stale(project, request)
    another_process(google).write(7)

    assert epochs(another_process(google).states()) == [7, 7]


def test_a_disabled_version_hides_no_newer_one(
    google: GooglePorts, project: TrafficProject, settings: Settings, request: pytest.FixtureRequest
) -> None:
    writer = another_process(google)
    writer.write(1)
    stale(project, request)
    for epoch in (2, 3):
        writer.write(epoch)
    project.call("POST", f"{versions_of(settings)}/2:disable", json={})

    assert epochs(another_process(google).states()) == [3, 3]


def add_raw(project: TrafficProject, settings: Settings, content: bytes) -> None:
    secret = versions_of(settings).removesuffix("/versions")
    data = base64.b64encode(content).decode()
    project.call("POST", f"{secret}:addVersion", json={"payload": {"data": data}})


@pytest.mark.parametrize("process", ["the writer", "another"])
def test_a_disabled_newest_version_leaves_the_one_before_it(
    google: GooglePorts, project: TrafficProject, settings: Settings, process: str
) -> None:
    writer = another_process(google)
    for epoch in (1, 2, 3):
        writer.write(epoch)
    project.call("POST", f"{versions_of(settings)}/3:disable", json={})

    kept = writer if process == "the writer" else another_process(google)
    assert epochs(kept.states()) == [2, 3]


def test_a_secret_none_of_whose_versions_can_be_read_is_a_problem_and_not_empty(
    google: GooglePorts, project: TrafficProject, settings: Settings
) -> None:
    kept = another_process(google)
    kept.write(1)
    project.call("POST", f"{versions_of(settings)}/1:disable", json={})

    secret, bucket = kept.states()
    assert (secret.selector, bucket.problem) == (None, None)
    assert secret.problem is not None
    assert "version 1: 400 FAILED_PRECONDITION" in secret.problem


def test_a_late_writer_of_a_lower_epoch_hides_no_higher_one(
    google: GooglePorts, project: TrafficProject, settings: Settings
) -> None:
    kept = another_process(google)
    kept.write(5)
    add_raw(project, settings, to_json(kept.of(4)))

    assert epochs(another_process(google).states()) == [5, 5]


@pytest.mark.parametrize("content", [b" ", b"{}", b"no selector"])
def test_a_damaged_version_hides_no_intact_one(
    google: GooglePorts, project: TrafficProject, settings: Settings, content: bytes
) -> None:
    kept = another_process(google)
    kept.write(5)
    add_raw(project, settings, content)

    assert epochs(another_process(google).states()) == [5, 5]


def test_the_newest_of_many_versions_is_found_though_latest_is_disabled(
    google: GooglePorts, project: TrafficProject, settings: Settings
) -> None:
    kept = another_process(google)
    for epoch in range(1, 24):
        add_raw(project, settings, to_json(kept.of(epoch)))
    project.call("POST", f"{versions_of(settings)}/23:disable", json={})

    assert epochs(another_process(google).states()) == [22, None]


def test_a_secret_that_is_made_again_is_read_from_its_first_version(
    google: GooglePorts, project: TrafficProject, settings: Settings
) -> None:
    kept = another_process(google)
    for epoch in (1, 2, 3):
        kept.write(epoch)
    project.call("DELETE", versions_of(settings).removesuffix("/versions"))
    path = f"/secretmanager/v1/projects/{settings.project}/secrets?secretId={settings.selector_secret}"
    project.call("POST", path, json={"replication": {"automatic": {}}})

    assert epochs(kept.states()) == [None, 3]
    assert epochs(kept.write(4)) == [4, 4]
    assert epochs(kept.states()) == [4, 4]

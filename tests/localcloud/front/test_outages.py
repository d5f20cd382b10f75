"""A region, or one service of it, goes dark and comes back. These tests have a cloud of their own."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.running_cloud import LOCALCLOUD, start_cloud, stop_cloud

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.running_cloud import RunningCloud

PRIMARY, DR = "europe-west4", "europe-west1"
GONE = (ConnectionError, http.client.RemoteDisconnected)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCloud]:
    state = tmp_path_factory.mktemp("dark")
    own = start_cloud(state, "--no-emulators")
    for name, location in (("in-primary", PRIMARY), ("in-dr", DR), ("in-both", "EU")):
        body = {"name": name, "location": location}
        if location == "EU":
            body["customPlacementConfig"] = {"dataLocations": [PRIMARY, DR]}
        assert own.call("POST", "/storage/v1/b?project=demo", body)[0] == 200
    yield own
    stop_cloud(state)


@pytest.fixture
def healed(own: RunningCloud) -> Iterator[RunningCloud]:
    yield own
    for region in (PRIMARY, DR, "global"):
        own.admin("POST", "heal", {"region": region})


def status_of(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    with contextlib.closing(connection):
        connection.request("GET", path)
        return connection.getresponse().status


def models(region: str) -> str:
    return f"/aiplatform/v1/projects/demo/locations/{region}/models"


def test_a_dark_regions_connections_are_refused(healed: RunningCloud):
    healed.admin("POST", "outage", {"region": PRIMARY})

    with pytest.raises(ConnectionRefusedError):
        status_of(healed.ports[PRIMARY], models(PRIMARY))
    assert status_of(healed.ports[DR], models(DR)) == 200


def test_an_open_connection_to_a_dark_region_is_reset(healed: RunningCloud):
    connection = http.client.HTTPConnection("127.0.0.1", healed.ports[PRIMARY], timeout=5)
    with contextlib.closing(connection):
        connection.request("GET", models(PRIMARY))
        assert connection.getresponse().read() is not None
        healed.admin("POST", "outage", {"region": PRIMARY})

        with pytest.raises(ConnectionResetError):
            connection.sock.recv(1)


def test_the_global_listener_answers_nothing_about_a_dark_region(healed: RunningCloud):
    healed.admin("POST", "outage", {"region": PRIMARY})

    for path in (models(PRIMARY), "/storage/v1/b/in-primary", "/storage/v1/b/in-primary/o", "/in-primary/x"):
        with pytest.raises(GONE):
            status_of(healed.ports["global"], path)


@pytest.mark.parametrize("path", [models(DR), "/storage/v1/b/in-dr", "/storage/v1/b/in-both"])
def test_the_global_listener_still_answers_about_the_rest(healed: RunningCloud, path: str):
    healed.admin("POST", "outage", {"region": PRIMARY})

    assert status_of(healed.ports["global"], path) == 200


def test_nothing_is_written_into_a_dark_region(healed: RunningCloud):
    healed.admin("POST", "outage", {"region": PRIMARY})

    for path in (
        "/upload/storage/v1/b/in-primary/o?uploadType=media&name=a",
        "/storage/v1/b/in-both/o/x/copyTo/b/in-primary/o/a",
    ):
        with pytest.raises(GONE):
            healed.call("POST", path, {})
    healed.admin("POST", "heal", {"region": PRIMARY})

    assert healed.call("GET", "/storage/v1/b/in-primary/o")[1] == {"kind": "storage#objects"}


def test_a_healed_region_answers_on_its_own_port_again(healed: RunningCloud):
    healed.admin("POST", "outage", {"region": PRIMARY})
    healed.admin("POST", "outage", {"region": PRIMARY})
    healed.admin("POST", "heal", {"region": PRIMARY})

    assert status_of(healed.ports[PRIMARY], models(PRIMARY)) == 200
    assert healed.admin("GET", "status")["dark"] == []


def test_a_dark_regions_port_is_not_given_to_anybody_else(healed: RunningCloud):
    healed.admin("POST", "outage", {"region": PRIMARY})

    with socket.socket() as thief, pytest.raises(OSError, match="in use"):
        thief.bind(("127.0.0.1", healed.ports[PRIMARY]))


def test_a_refusing_region_can_be_made_to_hang(healed: RunningCloud):
    healed.admin("POST", "outage", {"region": PRIMARY})
    healed.admin("POST", "outage", {"region": PRIMARY, "mode": "hanging"})

    with socket.create_connection(("127.0.0.1", healed.ports[PRIMARY]), timeout=0.2) as waiting:
        waiting.sendall(f"GET {models(PRIMARY)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        with pytest.raises(TimeoutError):
            waiting.recv(1)


def test_a_hanging_region_takes_connections_and_answers_none_until_it_is_healed(healed: RunningCloud):
    healed.admin("POST", "outage", {"region": PRIMARY, "mode": "hanging"})
    with socket.create_connection(("127.0.0.1", healed.ports[PRIMARY]), timeout=0.2) as waiting:
        waiting.sendall(f"GET {models(PRIMARY)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        with pytest.raises(TimeoutError):
            waiting.recv(1)
        waiting.settimeout(5)
        healed.admin("POST", "heal", {"region": PRIMARY})

        with pytest.raises(ConnectionResetError):
            waiting.recv(1)
    assert status_of(healed.ports[PRIMARY], models(PRIMARY)) == 200


def test_one_dark_service_leaves_the_others_lit(healed: RunningCloud):
    healed.admin("POST", "outage", {"region": PRIMARY, "service": "storage"})

    for port in (healed.ports["global"], healed.ports[PRIMARY]):
        with pytest.raises(GONE):
            status_of(port, "/storage/v1/b/in-primary")
        assert status_of(port, models(PRIMARY)) == 200
    assert status_of(healed.ports["global"], "/storage/v1/b/in-dr") == 200


def test_a_dark_global_service_is_dark_on_every_listener(healed: RunningCloud):
    path = "/secretmanager/v1/projects/demo/secrets"
    assert status_of(healed.ports["global"], path) == 200

    healed.admin("POST", "outage", {"region": "global", "service": "secretmanager"})

    for port in (healed.ports["global"], healed.ports[PRIMARY]):
        with pytest.raises(GONE):
            status_of(port, path)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (
            ["mars-west1"],
            "localcloud: cannot do outage: region 'mars-west1' is none of europe-west4, europe-west1, global",
        ),
        ([PRIMARY, "--service", "mail"], "localcloud: cannot do outage: service 'mail' is none of "),
    ],
)
def test_an_outage_of_something_unknown_is_one_clear_line(own: RunningCloud, arguments: list[str], line: str):
    command = [*LOCALCLOUD, "outage", *arguments, "--state", str(own.state_dir)]

    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)

    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.startswith(line)


def test_the_command_darkens_and_heals(healed: RunningCloud):
    place = ["--state", str(healed.state_dir)]

    subprocess.run([*LOCALCLOUD, "outage", DR, "--mode", "hanging", *place], check=True, timeout=30)
    dark = healed.admin("GET", "status")["dark"]
    subprocess.run([*LOCALCLOUD, "heal", DR, *place], check=True, timeout=30)

    assert dark == [{"region": DR, "mode": "hanging"}]
    assert healed.admin("GET", "status")["dark"] == []


def test_status_is_json_for_programs(own: RunningCloud):
    command = [*LOCALCLOUD, "status", "--json", "--state", str(own.state_dir)]

    found = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=30).stdout)

    assert found["ports"] == own.ports
    assert "storage" in found["services"]
    assert found["services"]["storage"]["differences"]


def test_the_command_starts_without_what_only_the_daemon_needs():
    code = "import sys, localcloud.cli.main; print(sorted({'aiohttp', 'sqlite3', 'cryptography'} & set(sys.modules)))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30)

    assert done.stdout.strip() == "[]"

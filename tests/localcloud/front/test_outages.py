"""A region, or one service of it, goes dark and comes back. These tests have a cloud of their own."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import ssl
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.running_cloud import LOCALCLOUD, start_cloud, stop_cloud

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.running_cloud import RunningCloud

PRIMARY, DR = "europe-west4", "europe-west1"
GONE = (ConnectionError, http.client.RemoteDisconnected, ssl.SSLEOFError)  # Python 3.11 tells some resets as the last


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


class Tunnel(http.client.HTTPSConnection):
    """A connection to one of Google's hosts through the proxy."""

    def __init__(self, cloud: RunningCloud, host: str) -> None:
        context = ssl.create_default_context(cafile=str(cloud.authority))
        super().__init__("127.0.0.1", cloud.port, timeout=5, context=context)
        self.set_tunnel(host, 443)


def status_of(cloud: RunningCloud, path: str) -> int:
    return cloud.call("GET", path)[0]


def authorized(cloud: RunningCloud) -> dict[str, str]:
    """Return the header of the operator's requests."""
    return {"Authorization": f"Bearer {cloud.token}"}


def vertex(region: str) -> str:
    return f"{region}-aiplatform.googleapis.com"


def models(region: str) -> str:
    return f"/aiplatform/v1/projects/demo/locations/{region}/models"


def test_a_dark_regions_hosts_are_reset(healed: RunningCloud):
    healed.admin("POST", "outage", {"region": PRIMARY})

    with pytest.raises(ConnectionResetError):
        status_of(healed, models(PRIMARY))
    assert status_of(healed, models(DR)) == 200


def test_an_open_connection_to_a_dark_region_is_reset(healed: RunningCloud):
    connection = Tunnel(healed, vertex(PRIMARY))
    with contextlib.closing(connection):
        connection.request("GET", models(PRIMARY).removeprefix("/aiplatform"), headers=authorized(healed))
        assert connection.getresponse().read() == b"{}"
        healed.admin("POST", "outage", {"region": PRIMARY})
        # Read as it comes: Python's TLS of 3.11 tells a reset as an orderly end.
        with socket.socket(fileno=connection.sock.detach()) as plain, pytest.raises(ConnectionResetError):
            drain(plain)


def drain(plain: socket.socket) -> None:
    while plain.recv(1000):
        pass


def test_an_open_connection_to_another_region_goes_on(healed: RunningCloud):
    connection = Tunnel(healed, vertex(DR))
    with contextlib.closing(connection):
        for _ in range(2):
            connection.request("GET", models(DR).removeprefix("/aiplatform"), headers=authorized(healed))
            assert connection.getresponse().read() == b"{}"
            healed.admin("POST", "outage", {"region": PRIMARY})


def test_a_host_of_all_regions_answers_nothing_about_a_dark_one(healed: RunningCloud):
    healed.admin("POST", "outage", {"region": PRIMARY})

    repositories = f"/artifactregistry/v1/projects/demo/locations/{PRIMARY}/repositories"
    for path in ("/storage/v1/b/in-primary", "/storage/v1/b/in-primary/o", "/in-primary/x", repositories):
        with pytest.raises(GONE):
            status_of(healed, path)


@pytest.mark.parametrize("path", [models(DR), "/storage/v1/b/in-dr", "/storage/v1/b/in-both"])
def test_the_rest_is_still_answered(healed: RunningCloud, path: str):
    healed.admin("POST", "outage", {"region": PRIMARY})

    assert status_of(healed, path) == 200


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


def test_a_healed_region_answers_again(healed: RunningCloud):
    healed.admin("POST", "outage", {"region": PRIMARY})
    healed.admin("POST", "outage", {"region": PRIMARY})
    healed.admin("POST", "heal", {"region": PRIMARY})

    assert status_of(healed, models(PRIMARY)) == 200
    assert healed.admin("GET", "status")["outages"] == []


def test_a_refusing_region_can_be_made_to_hang(healed: RunningCloud):
    healed.admin("POST", "outage", {"region": PRIMARY})
    healed.admin("POST", "outage", {"region": PRIMARY, "mode": "hanging"})

    with greeted(healed, vertex(PRIMARY)) as waiting, pytest.raises(TimeoutError):
        waiting.recv(1)


def test_a_hanging_region_takes_connections_and_answers_none_until_it_is_healed(healed: RunningCloud):
    healed.admin("POST", "outage", {"region": PRIMARY, "mode": "hanging"})
    with greeted(healed, vertex(PRIMARY)) as waiting:
        with pytest.raises(TimeoutError):
            waiting.recv(1)
        waiting.settimeout(5)
        healed.admin("POST", "heal", {"region": PRIMARY})

        with pytest.raises(ConnectionResetError):
            waiting.recv(1)
    assert status_of(healed, models(PRIMARY)) == 200


@contextlib.contextmanager
def greeted(cloud: RunningCloud, host: str) -> Iterator[socket.socket]:
    """Yield a tunnel to the host in which a TLS client has greeted; 0.2 s are enough for an answer that comes."""
    greeting = ssl.MemoryBIO()
    client = ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), greeting, server_hostname=host)
    with contextlib.suppress(ssl.SSLWantReadError):
        client.do_handshake()
    with socket.create_connection(("127.0.0.1", cloud.port), timeout=5) as tunnel:
        tunnel.sendall(f"CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n\r\n".encode())
        assert tunnel.recv(1000).startswith(b"HTTP/1.1 200 ")
        tunnel.sendall(greeting.read())
        tunnel.settimeout(0.2)
        yield tunnel


def test_one_dark_service_leaves_the_others_lit(healed: RunningCloud):
    healed.admin("POST", "outage", {"region": PRIMARY, "api": "storage"})

    with pytest.raises(GONE):
        status_of(healed, "/storage/v1/b/in-primary")
    assert status_of(healed, models(PRIMARY)) == 200
    assert status_of(healed, "/storage/v1/b/in-dr") == 200


def test_a_dark_global_service_is_dark_alone(healed: RunningCloud):
    path = "/secretmanager/v1/projects/demo/secrets"
    assert status_of(healed, path) == 200

    healed.admin("POST", "outage", {"region": "global", "api": "secretmanager"})

    with pytest.raises(GONE):
        status_of(healed, path)
    assert status_of(healed, "/iam/v1/projects/demo/serviceAccounts") == 200


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (
            ["mars-west1"],
            "localcloud: cannot do outage: region 'mars-west1' is none of europe-west4, europe-west1, global",
        ),
        ([PRIMARY, "--api", "mail"], "localcloud: cannot do outage: api 'mail' is none of "),
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
    dark = healed.admin("GET", "status")["outages"]
    subprocess.run([*LOCALCLOUD, "heal", DR, *place], check=True, timeout=30)

    assert dark == [{"region": DR, "mode": "hanging", "met": 0}]
    assert healed.admin("GET", "status")["outages"] == []


def test_status_is_json_for_programs(own: RunningCloud):
    command = [*LOCALCLOUD, "status", "--json", "--state", str(own.state_dir)]

    found = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=30).stdout)

    assert found["ports"] == {"proxy": own.port}
    assert "storage" in found["services"]
    assert found["services"]["storage"]["differences"]


def test_the_command_starts_without_what_only_the_daemon_needs():
    code = "import sys, localcloud.cli.main; print(sorted({'aiohttp', 'sqlite3', 'cryptography'} & set(sys.modules)))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30)

    assert done.stdout.strip() == "[]"

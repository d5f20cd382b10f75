"""The daemon: what it says when it cannot start, what it leaves, and what it finds again. No cloud is shared here."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import socket
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest
from google.cloud import storage

from localcloud.core.errors import ApiError
from localcloud.core.operations import Operations
from localcloud.core.ports import Port
from localcloud.core.store import Store
from localcloud.runtime.children import spawn
from tests.running_cloud import LOCALCLOUD, RunningCloud, cloud_at, reaching, start_cloud

if TYPE_CHECKING:
    from collections.abc import Iterator

WHAT_CLIENTS_NEED = {
    "CLOUDSDK_AUTH_ACCESS_TOKEN_FILE",
    "CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE",
    "CURL_CA_BUNDLE",
    "GCE_METADATA_HOST",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "GOOGLE_CLOUD_PROJECT",
    "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH",
    "HTTPS_PROXY",
    "NODE_EXTRA_CA_CERTS",
    "NO_PROXY",
    "REQUESTS_CA_BUNDLE",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "https_proxy",
    "no_proxy",
}
OVERRIDES = re.compile("ENDPOINT|EMULATOR")


def localcloud(*arguments: object, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    command = [*LOCALCLOUD, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=90, env=env)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "state"
    localcloud("down", "--state", tmp_path / "state")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCloud]:
    state = tmp_path_factory.mktemp("running")
    yield started(state)
    localcloud("down", "--state", state)


def started(state: Path, *options: str) -> RunningCloud:
    return start_cloud(state, *(options or ["--no-emulators"]))


def written(own: RunningCloud) -> None:
    own.call("POST", "/storage/v1/b?project=demo", {"name": "kept", "location": "europe-west1"})
    own.call("POST", "/upload/storage/v1/b/kept/o?uploadType=media&name=a%2Fb", {"kept": True})


def found(own: RunningCloud) -> tuple[int, Any]:
    return own.call("GET", "/storage/v1/b/kept/o/a%2Fb?alt=media")


def test_a_killed_daemon_leaves_no_child_and_its_state_opens_again(state: Path):
    own = started(state, "--scheduler", "manual")
    written(own)
    daemon = psutil.Process(own.admin("GET", "status")["pid"])
    children = daemon.children(recursive=True)
    assert children

    daemon.send_signal(signal.SIGKILL)
    _, alive = psutil.wait_procs([daemon, *children], timeout=10)

    assert alive == []
    assert found(started(state)) == (200, {"kept": True})


def test_a_copy_of_a_state_directory_is_the_same_cloud(state: Path, tmp_path: Path):
    written(started(state))
    assert localcloud("down", "--state", state).returncode == 0
    shutil.copytree(state, tmp_path / "copy")

    own = started(tmp_path / "copy")
    again = found(own)
    localcloud("down", "--state", tmp_path / "copy")

    assert again == (200, {"kept": True})


def test_down_ends_every_process_and_removes_a_temporary_state():
    up = localcloud("up", "--port-base", "auto", "--no-emulators")
    told = re.match(r"localcloud is ready on (\S+) ", up.stdout)
    assert told, up.stderr
    own = cloud_at(told[1])
    daemon, state = psutil.Process(own.admin("GET", "status")["pid"]), own.state_dir

    done = localcloud("down", "--port-base", own.port)

    assert done.returncode == 0
    assert psutil.wait_procs([daemon], timeout=10)[1] == []
    assert not state.exists()


def test_a_busy_port_is_one_clear_line_and_nothing_is_left(running: RunningCloud, tmp_path: Path):
    done = localcloud("up", "--state", tmp_path, "--port-base", running.port, "--no-emulators")

    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert f"cannot listen on 127.0.0.1:{running.port}" in done.stderr
    assert "--port-base" in done.stderr
    assert not (tmp_path / "localcloud.pid").exists()


def test_down_waits_for_no_request_that_is_still_being_answered(state: Path):
    own = started(state)
    own.admin("POST", "outage", {"region": own.primary, "mode": "hanging"})
    with socket.create_connection(("127.0.0.1", own.port)) as asking:
        asking.sendall(f"CONNECT {own.primary}-aiplatform.googleapis.com:443 HTTP/1.1\r\n\r\n".encode())
        assert asking.recv(1000)

        done = localcloud("down", "--state", state)

    assert (done.returncode, done.stderr) == (0, "")
    assert "Traceback" not in (state / "localcloud.log").read_text()


@pytest.mark.parametrize("given", ["auto", "0"])
def test_the_kernel_gives_the_ports_and_every_verb_finds_them_by_the_state(state: Path, given: str):
    done = localcloud("up", "--state", state, "--port-base", given, "--no-emulators")
    found = json.loads(localcloud("status", "--state", state, "--json").stdout)["ports"]
    shown = json.loads(localcloud("env", "--state", state, "--format", "json").stdout)

    assert f"http://127.0.0.1:{found['proxy']}" in done.stdout
    assert json.loads((state / "ports.json").read_text()) == found
    assert found.keys() == {"proxy"}
    assert found["proxy"] > 0
    assert shown["HTTPS_PROXY"] == f"http://127.0.0.1:{found['proxy']}"
    assert localcloud("outage", "europe-west4", "--state", state).returncode == 0


def test_a_cloud_on_the_same_state_takes_the_ports_that_it_had(state: Path):
    localcloud("up", "--state", state, "--port-base", "auto", "--no-emulators")
    had = json.loads((state / "ports.json").read_text())
    localcloud("down", "--state", state)
    localcloud("up", "--state", state, "--port-base", "auto", "--no-emulators")

    assert json.loads((state / "ports.json").read_text()) == had
    assert json.loads(localcloud("status", "--state", state, "--json").stdout)["ports"] == had


def test_a_cloud_whose_ports_nobody_names_is_one_clear_line():
    done = localcloud("status", "--port-base", "auto")

    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "--state" in done.stderr


def test_a_port_that_cannot_be_is_usage(tmp_path: Path):
    done = localcloud("up", "--state", tmp_path / "state", "--port-base", 65536)

    assert done.returncode == 2
    assert "Invalid value for '--port-base'" in done.stderr
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize("where", [[], ["--foreground"]], ids=["background", "foreground"])
def test_a_state_directory_that_cannot_be_made_is_one_clear_line(tmp_path: Path, where: list[str]):
    (tmp_path / "file").touch()

    done = localcloud("up", "--state", tmp_path / "file", "--port-base", "auto", "--no-emulators", *where)

    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert f"cannot keep the state in {tmp_path / 'file'}: File exists; name a directory" in done.stderr


def test_ending_what_does_not_run_is_one_clear_line(tmp_path: Path):
    done = localcloud("down", "--state", tmp_path)

    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert f"no local cloud runs on {tmp_path}" in done.stderr
    assert "nothing needs to be ended" in done.stderr


def test_a_state_directory_in_use_is_one_clear_line(running: RunningCloud):
    done = localcloud("up", "--state", running.state_dir, "--port-base", "auto", "--no-emulators")

    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert f"cannot use the state directory {running.state_dir}" in done.stderr
    assert running.admin("GET", "status")["pid"]


@pytest.mark.parametrize("regions", ["mars", "europe-west4,europe-west4", ",", "Europe-West4"])
def test_regions_that_are_none_are_one_clear_line(regions: str):
    done = localcloud("up", "--regions", regions)

    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "region" in done.stderr.partition(": ")[2].partition(": ")[2]
    assert "give distinct names such as europe-west4,europe-west1" in done.stderr


def test_a_machine_without_java_is_one_clear_line(tmp_path: Path):
    gcloud = shutil.which("gcloud")
    assert gcloud, "set-up installs the Google Cloud CLI"
    without = {key: value for key, value in os.environ.items() if key != "JAVA_HOME"}
    without |= {"PATH": str(tmp_path), "CLOUDSDK_ROOT_DIR": str(Path(gcloud).resolve().parent.parent)}

    done = localcloud("up", "--state", tmp_path, "--port-base", "auto", env=without)

    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "java" in done.stderr
    assert "install" in done.stderr


def test_a_machine_without_the_emulators_is_one_clear_line(tmp_path: Path):
    without = dict(os.environ) | {"CLOUDSDK_ROOT_DIR": str(tmp_path)}

    done = localcloud("up", "--state", tmp_path, "--port-base", "auto", env=without)

    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "emulator" in done.stderr
    assert "install" in done.stderr


@pytest.fixture
def unheard() -> Iterator[Port]:
    """A port on which nothing listens, held so that nothing can."""
    port = Port()
    port.reserve()
    yield port
    port.release()


def test_a_question_to_no_cloud_is_one_clear_line(unheard: Port):
    for verb in (["status"], ["env"], ["down"], ["heal", "europe-west4"]):
        done = localcloud(*verb, "--port-base", unheard.number)

        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert "start one with `localcloud up`" in done.stderr


def test_env_prints_what_every_client_needs(running: RunningCloud):
    shell = localcloud("env", "--port-base", running.port).stdout.splitlines()
    as_json = json.loads(localcloud("env", "--port-base", running.port, "--format", "json").stdout)

    assert as_json.keys() >= WHAT_CLIENTS_NEED
    assert {line.partition("=")[0].removeprefix("export ") for line in shell} == as_json.keys()
    assert [name for name in as_json if OVERRIDES.search(name)] == []
    key = json.loads(Path(as_json["GOOGLE_APPLICATION_CREDENTIALS"]).read_text())
    assert key["token_uri"] == "https://oauth2.googleapis.com/token"  # noqa: S105 - an address


def test_the_daemon_runs_grpc_without_handlers_in_its_children(running: RunningCloud):
    """With them one child in four crashed between fork and exec, while gRPC calls were answered."""
    daemon = psutil.Process(running.admin("GET", "status")["pid"])

    assert daemon.environ()["GRPC_ENABLE_FORK_SUPPORT"] == "0"


def test_env_keeps_what_the_shell_had_for_those_who_must_reach_the_outside(running: RunningCloud):
    had = {"HTTPS_PROXY": "http://proxy.example.com:3128", "SSL_CERT_FILE": "/etc/ssl/own.pem"}
    clean = {
        name: text for name, text in os.environ.items() if not re.search("proxy|cert|ca_bundle", name, re.IGNORECASE)
    }

    first = env_of(running, clean | had)
    again = env_of(running, clean | first)

    kept = {f"LOCALCLOUD_OUTSIDE_{name}": text for name, text in had.items()}
    assert {name: text for name, text in first.items() if "OUTSIDE" in name} == kept
    assert {name: text for name, text in again.items() if "OUTSIDE" in name} == kept
    assert first["HTTPS_PROXY"] == again["HTTPS_PROXY"] == running.proxy


def env_of(running: RunningCloud, shell: dict[str, str]) -> dict[str, str]:
    printed = localcloud("env", "--port-base", running.port, "--format", "json", env=shell).stdout
    found: dict[str, str] = json.loads(printed)
    return found


async def test_a_stopped_child_takes_its_own_children_with_it(tmp_path: Path):
    os.mkfifo(tmp_path / "grandchild")
    script = "tail -f /dev/null & echo $! > grandchild; wait"
    child = await spawn(["bash", "-c", script], env=dict(os.environ), cwd=tmp_path, log=tmp_path / "log")
    grandchild = psutil.Process(int(await asyncio.to_thread((tmp_path / "grandchild").read_text)))

    await child.stop()

    assert not child.is_running
    assert psutil.wait_procs([grandchild], timeout=10)[1] == []


async def test_a_child_that_ignores_the_request_to_end_is_killed(tmp_path: Path):
    os.mkfifo(tmp_path / "ready")
    script = "trap '' TERM; echo > ready; exec tail -f /dev/null"
    command, log = ["bash", "-c", script], tmp_path / "log"
    child = await spawn(command, env=dict(os.environ), cwd=tmp_path, log=log, grace_seconds=0.05)
    await asyncio.to_thread((tmp_path / "ready").read_text)

    await child.stop()

    assert await child.wait() == -signal.SIGKILL


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "resources.sqlite")
    store.open()
    yield store
    store.close()


async def test_an_operation_ends_with_the_error_of_its_work(store: Store):
    operations = Operations(store)

    async def work() -> dict[str, Any]:
        raise ApiError.failed_precondition("the image is missing")

    begun = operations.start("aiplatform", "projects/demo/locations/x", work())
    ended = await operations.wait("aiplatform", begun["name"], 5)

    assert begun["done"] is False
    assert (ended["done"], ended["error"]) == (True, {"code": 9, "message": "the image is missing"})


async def test_an_operation_can_be_cancelled(store: Store):
    operations = Operations(store)

    async def work() -> dict[str, Any]:
        await asyncio.Event().wait()
        return {}

    begun = operations.start("aiplatform", "", work())
    await asyncio.sleep(0)
    operations.cancel("aiplatform", begun["name"])

    assert (await operations.wait("aiplatform", begun["name"], 5))["error"]["code"] == 1


def test_an_operation_that_a_stopped_daemon_left_is_an_error(store: Store):
    store.put("aiplatform", "operations/7", {"name": "operations/7", "done": False})

    Operations(store).abandon_interrupted()

    assert "start it again" in store.require("aiplatform", "operations/7")["error"]["message"]


def test_the_store_finds_everything_again(tmp_path: Path):
    first = Store(tmp_path / "again.sqlite")
    first.open()
    first.put("api", "a/1", {"n": 1})
    first.put("api", "a/2", {"n": 2})
    first.delete("api", "a/1")
    number = first.next_id()
    first.close()
    second = Store(tmp_path / "again.sqlite")
    second.open()

    assert list(second.under("api", "a/")) == [("a/2", {"n": 2})]
    assert int(second.next_id()) == int(number) + 1


def test_what_the_store_answers_is_a_copy(store: Store):
    store.put("api", "a/1", {"inner": {"n": 1}})
    store.require("api", "a/1")["inner"]["n"] = 2

    assert store.require("api", "a/1") == {"inner": {"n": 1}}


def test_children_are_one_level_deep_and_in_order(store: Store):
    for name in ("p/models/b", "p/models/a", "p/models/a/evaluations/1", "p/modelsets/x"):
        store.put("api", name, {"name": name})

    assert [one["name"] for one in store.children("api", "p", "models")] == ["p/models/a", "p/models/b"]


def test_a_resumable_upload_goes_on_after_a_crash(state: Path):
    own = started(state)
    own.call("POST", "/storage/v1/b?project=demo", {"name": "kept", "location": "europe-west1"})
    with reaching(own):
        _upload_over_a_crash(own, state)


def _upload_over_a_crash(own: RunningCloud, state: Path) -> None:
    client = storage.Client(project="demo", credentials=own.credentials)
    session = client.bucket("kept").blob("large").create_resumable_upload_session()
    own.session.put(session, data=b"abc", headers={"Content-Range": "bytes 0-2/6"}, timeout=10)
    daemon = psutil.Process(own.admin("GET", "status")["pid"])
    daemon.kill()
    psutil.wait_procs([daemon], timeout=10)
    started(state)

    done = own.session.put(session, data=b"def", headers={"Content-Range": "bytes 3-5/6"}, timeout=10)

    assert done.status_code == 200
    assert client.bucket("kept").blob("large").download_as_bytes() == b"abcdef"


def test_a_cloud_ends_with_the_process_that_it_was_tied_to(state: Path) -> None:
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as tied_to:
        own = started(state, "--no-emulators", "--end-with", str(tied_to.pid))
        daemon = psutil.Process(own.admin("GET", "status")["pid"])
        tied_to.kill()

    daemon.wait(timeout=30)
    assert not (state / "localcloud.pid").exists()

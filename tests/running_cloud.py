"""One local cloud for all tests that want one.

LOCALCLOUD_TEST_PORT_BASE says where it listens (default: the first free ports from 9700 on). LOCALCLOUD_TEST_URL names
a cloud that runs already, such as `http://127.0.0.1:9400`; then none is started.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parent.parent
LOCALCLOUD = [sys.executable, "-m", "localcloud.cli"]


@dataclass(frozen=True, slots=True)
class RunningCloud:
    """The cloud that the tests share."""

    port_base: int
    project: str = "demo"
    primary: str = "europe-west4"
    dr: str = "europe-west1"

    @property
    def url(self) -> str:
        """Where everything is served by path."""
        return f"http://127.0.0.1:{self.port_base}"

    @property
    def env(self) -> dict[str, str]:
        """What `localcloud env` prints."""
        return self.admin("GET", "env")

    @property
    def state_dir(self) -> Path:
        """Where the cloud keeps everything."""
        return Path(self.admin("GET", "status")["state_dir"])

    def at(self, region: str) -> RunningCloud:
        """Return the same cloud, called through the region's own listener."""
        return RunningCloud(int(self.region_url(region).rpartition(":")[2]))

    def region_url(self, region: str) -> str:
        """Where one region is served."""
        return f"http://127.0.0.1:{self.port_base + 1 + [self.primary, self.dr].index(region)}"

    def admin(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Call the local cloud's own API."""
        status, answer = self.call(method, f"/_localcloud/{path}", body)
        assert status == 200, answer
        return answer

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Send one request as it is; return status and JSON. Raises OSError when the connection breaks."""
        request = urllib.request.Request(
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", **headers},
        )
        try:
            with urllib.request.urlopen(request) as response:
                text = response.read()
                return response.status, json.loads(text) if text else None
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())
        except urllib.error.URLError as error:
            # A reset while the request is still being sent comes wrapped, one while the answer is awaited does not.
            raise error.reason if isinstance(error.reason, OSError) else error from error


def free_port_base(first: int) -> int:
    """Return the first port from which a whole cloud finds its ports free."""
    for base in range(first, first + 1000, 50):
        with contextlib.ExitStack() as taken, contextlib.suppress(OSError):
            for port in (*range(base, base + 3), base + 20, base + 21):
                taken.enter_context(socket.socket()).bind(("127.0.0.1", port))
            return base
    raise RuntimeError(f"no free ports for a cloud from {first} on; `localcloud down` ends one that was left")


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCloud]:
    if running := os.environ.get("LOCALCLOUD_TEST_URL"):
        yield RunningCloud(int(running.rpartition(":")[2]))
        return
    os.environ.setdefault("LOCALCLOUD_CACHE_DIR", str(ROOT / "build" / "localcloud"))
    state = tmp_path_factory.mktemp("cloud")
    port_base = int(os.environ.get("LOCALCLOUD_TEST_PORT_BASE") or free_port_base(9700))
    place = ["--state", str(state)]
    subprocess.run(
        [
            *LOCALCLOUD,
            "up",
            *place,
            "--port-base",
            str(port_base),
            "--scheduler",
            "manual",
            "--end-with",
            str(os.getpid()),
        ],
        check=True,
        timeout=90,
    )
    yield RunningCloud(port_base)
    subprocess.run([*LOCALCLOUD, "down", *place], check=True, timeout=60)


@pytest.fixture(scope="session")
def unique() -> Callable[[str], str]:
    """Return names that no other test of this run uses."""
    run, numbers = uuid.uuid4().hex[:6], itertools.count(1)
    return lambda prefix: f"{prefix}-{run}-{next(numbers)}"

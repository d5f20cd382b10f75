"""One local cloud for all tests that want one.

LOCALCLOUD_TEST_URL names a cloud that runs already, such as `http://127.0.0.1:9400`; then none is started.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

ROOT = Path(__file__).parent.parent
LOCALCLOUD = [sys.executable, "-m", "localcloud.cli"]


@dataclass(frozen=True, slots=True)
class RunningCloud:
    """A cloud that answers, called through one of its listeners."""

    ports: Mapping[str, int]  # by what listens there, as the state directory's ports.json has them
    listener: str = "global"
    project: str = "demo"
    primary: str = "europe-west4"
    dr: str = "europe-west1"

    @property
    def url(self) -> str:
        """Where the listener answers; the global one serves everything by path."""
        return f"http://127.0.0.1:{self.ports[self.listener]}"

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
        return replace(self, listener=region)

    def region_url(self, region: str) -> str:
        """Where one region is served."""
        return self.at(region).url

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


def start_cloud(state: Path, *options: str) -> RunningCloud:
    """Start a cloud on the state directory, on the ports that the kernel gives it, or that the state had already."""
    subprocess.run([*LOCALCLOUD, "up", "--state", str(state), "--port-base", "auto", *options], check=True, timeout=90)
    return RunningCloud(json.loads((state / "ports.json").read_text()))


def stop_cloud(state: Path, *, check: bool = True) -> None:
    """End the cloud of the state directory; without check, there may be none any more."""
    subprocess.run([*LOCALCLOUD, "down", "--state", str(state)], check=check, timeout=60)


def cloud_at(url: str) -> RunningCloud:
    """Return the cloud whose global listener answers at the URL."""
    known = RunningCloud({"global": int(url.rpartition(":")[2])})
    return RunningCloud(known.admin("GET", "status")["ports"])


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCloud]:
    if running := os.environ.get("LOCALCLOUD_TEST_URL"):
        yield cloud_at(running)
        return
    os.environ.setdefault("LOCALCLOUD_CACHE_DIR", str(ROOT / "build" / "localcloud"))
    state = tmp_path_factory.mktemp("cloud")
    yield start_cloud(state, "--scheduler", "manual", "--end-with", str(os.getpid()))
    stop_cloud(state)


@pytest.fixture(scope="session")
def unique() -> Callable[[str], str]:
    """Return names that no other test of this run uses."""
    run, numbers = uuid.uuid4().hex[:6], itertools.count(1)
    return lambda prefix: f"{prefix}-{run}-{next(numbers)}"

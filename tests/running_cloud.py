"""One local cloud for all tests that want one.

LOCALCLOUD_TEST_URL names a cloud that runs already, such as `http://127.0.0.1:9400`; then none is started.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests
from google.oauth2.credentials import Credentials

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

ROOT = Path(__file__).parent.parent
LOCALCLOUD = [sys.executable, "-m", "localcloud.cli"]
# As the tests were started: a cloud may install packages for functions, which must not be asked of another cloud.
OUTSIDE = {"LOCALCLOUD_CACHE_DIR": str(ROOT / "build" / "localcloud"), **os.environ}


_LOCATION = re.compile(r"/locations/([a-z0-9-]+)")
_APIS = [
    "artifactregistry",
    "cloudbilling",
    "cloudbuild",
    "cloudfunctions",
    "cloudresourcemanager",
    "cloudscheduler",
    "firestore",
    "iam",
    "iamcredentials",
    "oauth2",
    "orgpolicy",
    "pubsub",
    "run",
    "secretmanager",
    "serviceusage",
]


@dataclass(frozen=True)
class RunningCloud:
    """A cloud that answers at Google's addresses behind its proxy; `/API/…` stands for `https://API.googleapis.com/…`."""

    port: int  # of the proxy
    region: str | None = None  # whose hosts are called where an API has one in each region
    project: str = "demo"
    primary: str = "europe-west4"
    dr: str = "europe-west1"

    @property
    def proxy(self) -> str:
        """The HTTPS proxy, where the cloud also answers about itself."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def env(self) -> dict[str, str]:
        """What `localcloud env` prints."""
        return self.admin("GET", "env")

    @property
    def state_dir(self) -> Path:
        """Where the cloud keeps everything."""
        return Path(self.admin("GET", "status")["state_dir"])

    @property
    def authority(self) -> Path:
        """The file of the authority that signs for the cloud's hosts."""
        return Path(self.env["SSL_CERT_FILE"])

    @cached_property
    def token(self) -> str:
        """An access token of the operator, who owns the project."""
        return self.env["GOOGLE_OAUTH_ACCESS_TOKEN"]

    @property
    def credentials(self) -> Credentials:
        """The operator's credentials for Google's clients."""
        return Credentials(self.token)

    def at(self, region: str) -> RunningCloud:
        """Return the same cloud, called at the region's own hosts."""
        return replace(self, region=region)

    def url(self, path: str) -> str:
        """Return the address that `/API/…`, a bucket's `/name/object` or `/_localcloud/…` stands for."""
        first, _, rest = path[1:].partition("/")
        located = _LOCATION.search(rest)
        region = self.region or (located[1] if located else self.primary)
        addresses = {
            "_localcloud": self.proxy + path,
            "aiplatform": f"https://{region}-aiplatform.googleapis.com/{rest}",
            "compute": f"https://compute.googleapis.com{path}",
            "kfp": f"https://{region}-kfp.pkg.dev/{rest}",
            "v2": f"https://{region}-docker.pkg.dev{path}",
        } | {api: f"https://{api}.googleapis.com/{rest}" for api in _APIS}
        return addresses.get(first, f"https://storage.googleapis.com{path}")

    @cached_property
    def opener(self) -> urllib.request.OpenerDirector:
        """What opens addresses through the proxy."""
        trust = ssl.create_default_context(cafile=str(self.authority))
        return urllib.request.build_opener(
            urllib.request.ProxyHandler({"https": self.proxy}), urllib.request.HTTPSHandler(context=trust)
        )

    @cached_property
    def session(self) -> requests.Session:
        """What sends the operator's requests through the proxy, whatever this process's environment says.

        A request with `headers={"Authorization": None}` is nobody's.
        """
        made = requests.Session()
        made.trust_env = False
        made.proxies = {"https": self.proxy}
        made.verify = str(self.authority)
        made.headers["Authorization"] = f"Bearer {self.token}"
        return made

    def admin(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Call the local cloud's own API."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.proxy}/_localcloud/{path}", method=method, data=data)
        try:
            with urllib.request.urlopen(request) as response:
                return json.loads(response.read())
        except urllib.error.HTTPError as error:
            pytest.fail(f"{method} {path}: {error.read().decode()}")

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Send one request, as the operator unless a header says otherwise (`Authorization=""`: as nobody).

        Returns status and JSON. Raises OSError when the connection breaks.
        """
        headers = {"Authorization": f"Bearer {self.token}", **headers}
        headers = {name: value for name, value in headers.items() if value}
        request = urllib.request.Request(
            self.url(path),
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", **headers},
        )
        try:
            with self.opener.open(request) as response:
                text = response.read()
                return response.status, json.loads(text) if text else None
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())
        except urllib.error.URLError as error:
            # A reset while the request is still being sent comes wrapped, one while the answer is awaited does not.
            raise error.reason if isinstance(error.reason, OSError) else error from error


def start_cloud(state: Path, *options: str) -> RunningCloud:
    """Start a cloud on the state directory, on the ports that the kernel gives it, or that the state had already."""
    command = [*LOCALCLOUD, "up", "--state", str(state), "--port-base", "auto", *options]
    subprocess.run(command, check=True, timeout=90, env=OUTSIDE)
    return RunningCloud(json.loads((state / "ports.json").read_text())["proxy"])


def stop_cloud(state: Path, *, check: bool = True) -> None:
    """End the cloud of the state directory; without check, there may be none any more."""
    subprocess.run([*LOCALCLOUD, "down", "--state", str(state)], check=check, timeout=60)


def cloud_at(url: str) -> RunningCloud:
    """Return the cloud whose proxy is at the URL."""
    return RunningCloud(int(url.rpartition(":")[2]))


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCloud]:
    if running := os.environ.get("LOCALCLOUD_TEST_URL"):
        with reaching(cloud_at(running)) as found:
            yield found
        return
    state = tmp_path_factory.mktemp("cloud")
    with reaching(start_cloud(state, "--scheduler", "manual", "--end-with", str(os.getpid()))) as started:
        yield started
    stop_cloud(state)


@contextmanager
def reaching(cloud: RunningCloud) -> Iterator[RunningCloud]:
    """Let Google's clients of this process find the cloud."""
    with exported(cloud.env):
        yield cloud


@contextmanager
def exported(environment: Mapping[str, str]) -> Iterator[None]:
    """Set these variables of this process, as a shell does that evaluates `localcloud env`."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        yield


@pytest.fixture(scope="session")
def unique() -> Callable[[str], str]:
    """Return names that no other test of this run uses."""
    run, numbers = uuid.uuid4().hex[:6], itertools.count(1)
    return lambda prefix: f"{prefix}-{run}-{next(numbers)}"

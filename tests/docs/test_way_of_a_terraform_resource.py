"""One Terraform resource takes the way through the house that the page of the architecture tells.

Terraform applies the module of the bucket for real. The provider and the local cloud serve it in this process, so that
every file of theirs that it enters is seen.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import os
import re
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import grpc
import pytest

from localcloud.core.cloud import Cloud
from localcloud.core.config import PROJECT_NUMBER, Config
from localcloud.core.services import Services
from localcloud.front.access_log import AccessLog
from localcloud.front.gateway import Gateway
from localcloud.front.listeners import Listeners
from localcloud.front.rpc import RpcGateway
from localcloud.front.rpc_checks import RpcChecks
from localcloud.services.iam.service import Iam
from localcloud.services.storage.service import StorageService
from localcloud.terraform_provider.parity.cycle import Terraform
from localcloud.terraform_provider.protocol.plugin import rpc_handlers
from localcloud.terraform_provider.protocol.provider import Provider
from localcloud.terraform_provider.schemas.resource_types import ResourceType
from localcloud.terraform_provider.setup import write_schema
from tests.opened_files import ROOT, opened_files
from tests.running_cloud import exported

if TYPE_CHECKING:
    from collections.abc import Iterator

MODULE = ROOT / "terraform" / "modules" / "artifact-bucket"
# aiohttp would rather have keys than texts for what the gateway tells the access log of a request.
pytestmark = pytest.mark.filterwarnings("ignore::aiohttp.web_exceptions.NotAppKeyWarning")
PROMISED = 12
ADDRESS = "google_storage_bucket.artifacts"


class Way(NamedTuple):
    """What the page says of the way."""

    files: list[str]
    vocabulary: list[str]


class Served(NamedTuple):
    """A local cloud that serves Cloud Storage, and the operator whom it belongs to, in a thread of this process."""

    environment: dict[str, str]  # in which it is found
    opened: list[str]


def told() -> Way:
    page = (ROOT / "docs" / "architecture.md").read_text()
    section = page.split("**One Terraform resource")[1].split("\n## ")[0]
    files = re.findall(r"^\d+\. `(.+)`$", section, flags=re.MULTILINE)
    lines = re.findall(r"^- (.+)$", section, flags=re.MULTILINE)
    return Way(files, [path for line in lines for path in re.findall(r"`(localcloud/[^`]+)`", line)])


@contextmanager
def local_cloud(state: Path) -> Iterator[Served]:
    """Yield a cloud whose opened files are complete once the block has ended."""
    started: Future[tuple[Served, asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def serve() -> None:
        cloud = Cloud(Config(state_dir=state, cache_dir=ROOT / "build" / "localcloud", port_base=0, emulators=False))
        cloud.ports.reserve()
        cloud.open()
        services = Services([Iam(cloud), StorageService(cloud)])
        access_log = AccessLog(state / "access.jsonl")
        rpc = RpcGateway(services, RpcChecks(cloud, services), cloud.switches.until_healed)
        listeners = Listeners(cloud, Gateway(cloud, services), access_log, rpc)
        try:
            await services.start()
            await listeners.open()
            asked_to_end = asyncio.Event()
            with opened_files("localcloud") as opened:
                found = {"HTTPS_PROXY": cloud.proxy_url, "SSL_CERT_FILE": str(cloud.authority.file)}
                found["GOOGLE_OAUTH_ACCESS_TOKEN"] = cloud.tokens.mint_access(cloud.tokens.operator)
                started.set_result((Served(found, opened), asyncio.get_running_loop(), asked_to_end))
                await asked_to_end.wait()
        finally:
            await listeners.close()
            await services.stop()
            await cloud.close()
            cloud.ports.release()
            access_log.close()

    def run() -> None:
        try:
            asyncio.run(serve())
        except Exception as error:
            if started.done():
                raise
            started.set_exception(error)  # whoever waits for the cloud is told at once why there is none

    thread = threading.Thread(target=run, name="local cloud")
    thread.start()
    served, loop, asked_to_end = started.result(timeout=60)
    try:
        yield served
    finally:
        loop.call_soon_threadsafe(asked_to_end.set)
        thread.join()


@contextmanager
def provider(socket: Path) -> Iterator[str]:
    """Yield what tells Terraform to use the provider that this process serves."""
    server = grpc.server(ThreadPoolExecutor())
    server.add_generic_rpc_handlers((rpc_handlers(Provider().methods()),))
    server.add_insecure_port(f"unix:{socket}")
    server.start()
    at = {"Network": "unix", "String": str(socket)}
    reattach = {"Protocol": "grpc", "ProtocolVersion": 6, "Pid": os.getpid(), "Test": True, "Addr": at}
    try:
        yield json.dumps({"hashicorp/google": reattach})
    finally:
        server.stop(grace=None).wait()


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Every file that making a bucket opens: what is read as data, then what is entered, by its first call."""
    write_schema(ROOT / "build" / "terraform-provider")
    directory = tmp_path_factory.mktemp("way")
    with local_cloud(tmp_path_factory.mktemp("state")) as cloud:
        (directory / "main.tf").write_text(CONFIGURATION.replace("MODULE", str(MODULE)))
        socket = directory / "provider.sock"
        with exported(cloud.environment), opened_files("localcloud") as opened, provider(socket) as reattach:
            terraform = Terraform(directory=directory, environment={**os.environ, "TF_REATTACH_PROVIDERS": reattach})
            terraform.run("init", "-no-color")
            terraform.run("apply", "-no-color", "-auto-approve")
    assert str(terraform.state()[ADDRESS]["project_number"]) == PROJECT_NUMBER  # which nobody knows but the cloud
    declared = [file for file in MODULE.glob("*.tf") if 'resource "google_storage_bucket"' in file.read_text()]
    table = Path(inspect.getfile(ResourceType))  # a table is read and not run: no trace shows it
    opened.remove(str(Path(inspect.getfile(Terraform)).relative_to(ROOT)))  # it drives the test
    return list(dict.fromkeys([*(str(file.relative_to(ROOT)) for file in (*declared, table)), *opened, *cloud.opened]))


def covers(entry: str, file: str) -> bool:
    return file == entry or file.startswith(f"{entry}/")


def test_the_way_opens_the_files_that_the_page_lists_and_its_vocabulary(walked: list[str]) -> None:
    way = told()

    assert [file for file in walked if not any(covers(entry, file) for entry in way.vocabulary)] == way.files
    assert len(way.files) <= PROMISED


def test_the_vocabulary_names_only_what_is_really_looked_up_on_the_way(walked: list[str]) -> None:
    assert [entry for entry in told().vocabulary if not any(covers(entry, file) for file in walked)] == []


CONFIGURATION = """
terraform {
  required_providers {
    google = {
      source = "hashicorp/google"
    }
  }
}

provider "google" {
  project = "demo"
  region  = "europe-west4"
}

module "bucket" {
  source = "MODULE"

  labels    = { owner = "ml" }
  location  = { name = "europe-west4" }
  name      = "demo-way"
  project   = "demo"
  retention = { expire_days = {}, noncurrent_days = 7, soft_delete_days = 7 }
}
"""

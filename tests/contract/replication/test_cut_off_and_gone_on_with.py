"""What a function had started when its time was over: the next run goes on with it instead of starting it again."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace
from requests.adapters import HTTPAdapter

from tests.contract.replication.project import GoogleProject, manifest, new_version, staging
from vertex_dr.adapters.google.clients import Clients
from vertex_dr.adapters.google.storage.objects import StorageObjects
from vertex_dr.adapters.google.vertex.deployments import VertexDeployments
from vertex_dr.kernel.errors import Unreachable
from vertex_dr.kernel.sides import Side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from requests import PreparedRequest, Response

    from tests.contract.two_sides import TwoSides

MEBIBYTE = 1 << 20
BIG = bytes(40 * MEBIBYTE)  # three calls of a rewrite across locations


class TimeIsOver(BaseException):
    """The function is ended."""


class CountedRewrites(HTTPAdapter):
    """Counts the calls of rewrites, and ends the function before one of them."""

    def __init__(self, last: int | None = None) -> None:
        super().__init__()
        self.calls = 0
        self._last = last

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        if "/rewriteTo/" in str(request.url):
            if self.calls == self._last:
                raise TimeIsOver
            self.calls += 1
        return super().send(request, *args, **kwargs)


@pytest.fixture
def project(two_sides: TwoSides) -> GoogleProject:
    return GoogleProject(two_sides)


def counting(project: GoogleProject, *, last: int | None = None) -> tuple[StorageObjects, CountedRewrites]:
    clients, counted = Clients(project.settings), CountedRewrites(last)
    for scheme in ("https://", "http://"):
        clients.session.mount(scheme, counted)
    return StorageObjects(clients), counted


def test_a_rewrite_goes_on_where_the_last_function_left_it(project: GoogleProject) -> None:
    source, target = f"{staging(project)}big.bin", f"gs://{project.settings.artifact_bucket}/big.bin"
    project.put(source, BIG)
    cut_off, _ = counting(project, last=2)
    with pytest.raises(TimeIsOver):
        cut_off.copy_once(source, target)

    store, counted = counting(project)
    copied = store.copy_once(source, target)

    assert copied.size == len(BIG)
    assert counted.calls == 2  # one that finds out that there is more than one call to make, and the last one


def test_a_rewrite_begins_anew_when_its_source_has_changed(project: GoogleProject) -> None:
    source, target = f"{staging(project)}big.bin", f"gs://{project.settings.artifact_bucket}/big.bin"
    project.put(source, BIG)
    cut_off, _ = counting(project, last=2)
    with pytest.raises(TimeIsOver):
        cut_off.copy_once(source, target)
    project.put(source, BIG[:-1] + b"x")

    store, counted = counting(project)
    store.copy_once(source, target)

    assert project.read_raw(target)[-1:] == b"x"
    assert counted.calls == 3


def test_a_rewrite_begins_anew_when_its_token_is_not_honoured(project: GoogleProject) -> None:
    source, target = f"{staging(project)}big.bin", f"gs://{project.settings.artifact_bucket}/big.bin"
    project.put(source, BIG)
    cut_off, _ = counting(project, last=2)
    with pytest.raises(TimeIsOver):
        cut_off.copy_once(source, target)
    project.put(source, BIG)  # the same content under a new generation

    store, counted = counting(project)
    copied = store.copy_once(source, target)

    assert copied.size == len(BIG)
    assert counted.calls == 4  # the token that is refused is one of them


class Gate:
    """A server that answers once it is open."""

    def __init__(self) -> None:
        is_open = threading.Event()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                is_open.wait()
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

        self.open = is_open.set
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/"


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.open()
    gate.server.shutdown()


def test_a_deployment_that_is_still_running_is_waited_for(project: GoogleProject, gate: Gate) -> None:
    new = new_version(project, 3)
    slow = replace(new, container=replace(new.container, env={"GATE": gate.url}))
    version = project.models(Side.PRIMARY).upload(slow)
    region = project.settings.sides[Side.PRIMARY].region
    hasty = VertexDeployments(project.clients, region, limit_seconds=0.001)
    with pytest.raises(Unreachable, match="it goes on with the same operation"):
        hasty.deploy(manifest(project), version=version)

    gate.open()
    patient = VertexDeployments(Clients(project.settings), region)
    found = [patient.deploy(manifest(project), version=version) for _ in range(2)]

    assert [one.id for one in patient.of(project.settings.own.endpoint)] == [found[0]] == [found[1]]

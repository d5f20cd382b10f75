"""What an image repository may do wrong, and images of many parts: a scripted HTTP stands for both repositories."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any, Self

import pytest
import stamina
from google.api_core import exceptions

from tests.replication.world import settings_of
from vertex_dr.adapters.google.artifact_registry.images import DockerImages
from vertex_dr.adapters.google.artifact_registry.oci_repository import DockerPlane
from vertex_dr.adapters.google.clients import Clients
from vertex_dr.kernel.errors import NotFound, ReplicaMismatch, Unreachable
from vertex_dr.kernel.sides import Side

OWN, OTHER = "https://europe-west1", "https://europe-west4"


def digest_of(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


@dataclass
class Answer:
    content: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    def iter_content(self, size: int) -> Any:
        return (self.content[at : at + size] for at in range(0, len(self.content), size))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return


@dataclass
class ScriptedHttp:
    """Two repositories in a dict, and every request that was sent."""

    held: dict[str, bytes] = field(default_factory=dict)
    sent: list[tuple[str, str]] = field(default_factory=list)
    down: int = 0

    def send(self, method: str, url: str, **options: Any) -> Answer:
        self.sent.append((method, url))
        if self.down and method == "PUT":
            self.down -= 1
            raise exceptions.ServiceUnavailable("busy")
        if method == "POST":
            return Answer(headers={"Location": url.removesuffix("uploads/").partition(".dev")[2] + "sessions/1"})
        if method == "PUT":
            content = options["data"] if isinstance(options["data"], bytes) else b"".join(options["data"])
            place = url.replace("sessions/1", options["params"]["digest"]) if "params" in options else url
            self.held[place] = content
            return Answer()
        if url not in self.held:
            raise exceptions.NotFound(url)
        content = self.held[url]
        kind = {"Content-Type": "application/vnd.oci.image.manifest.v1+json", "Content-Length": str(len(content))}
        return Answer(content, {"Docker-Content-Digest": digest_of(content), **kind})

    def pushed(self, part: str) -> list[str]:
        return [url.rpartition("/")[2] for method, url in self.sent if method == "PUT" and part in url]


@pytest.fixture(autouse=True)
def no_waiting() -> Any:
    stamina.set_testing(True, attempts=3)
    yield
    stamina.set_testing(False)


@pytest.fixture
def http() -> ScriptedHttp:
    return ScriptedHttp()


@pytest.fixture
def images(http: ScriptedHttp) -> DockerImages:
    images = DockerImages(Clients(settings_of(Side.DR)), Side.DR)
    for name, url in (("_own", OWN), ("_other", OTHER)):
        plane = DockerPlane(http=http, url=f"{url}-docker.pkg.dev/v2/demo/vdr-images")  # type: ignore[arg-type] # scripted
        images.__dict__[name] = plane
    return images


def at(side: str, kind: str, digest: str) -> str:
    return f"{side}-docker.pkg.dev/v2/demo/vdr-images/server/{kind}/{digest}"


def put(http: ScriptedHttp, kind: str, content: bytes) -> str:
    http.held[at(OTHER, kind, digest_of(content))] = content
    return digest_of(content)


def put_image(http: ScriptedHttp, *layers: bytes) -> str:
    config = {"digest": put(http, "blobs", b"config of " + b",".join(layers))}
    manifest = {"config": config, "layers": [{"digest": put(http, "blobs", layer)} for layer in layers]}
    return put(http, "manifests", json.dumps(manifest).encode())


def test_the_manifest_comes_after_all_its_parts(http: ScriptedHttp, images: DockerImages) -> None:
    digest = put_image(http, b"one", b"two")

    images.pull_from_other_side("server", digest)

    order = [url for method, url in http.sent if method == "PUT"]
    assert len(order) == 4
    assert order[-1] == at(OWN, "manifests", digest)
    assert http.held[at(OWN, "blobs", digest_of(b"two"))] == b"two"


def test_parts_that_are_here_are_not_pulled_again(http: ScriptedHttp, images: DockerImages) -> None:
    digest = put_image(http, b"one", b"two")
    http.held[at(OWN, "blobs", digest_of(b"one"))] = b"one"

    images.pull_from_other_side("server", digest)

    assert ("GET", at(OTHER, "blobs", digest_of(b"one"))) not in http.sent


def test_an_image_for_several_machines_comes_with_all_of_them(http: ScriptedHttp, images: DockerImages) -> None:
    children = [put_image(http, b"amd64"), put_image(http, b"arm64")]
    index = json.dumps({"manifests": [{"digest": digest} for digest in children]}).encode()
    digest = put(http, "manifests", index)

    images.pull_from_other_side("server", digest)

    assert http.pushed("/manifests/") == [*children, digest]


def test_a_manifest_that_is_not_what_its_digest_says_is_a_mismatch(http: ScriptedHttp, images: DockerImages) -> None:
    digest = put_image(http, b"one")
    http.held[at(OTHER, "manifests", digest)] += b" "

    with pytest.raises(ReplicaMismatch, match="the manifest's content has the digest"):
        images.pull_from_other_side("server", digest)

    assert http.pushed("/manifests/") == []


def test_a_part_that_the_other_side_lost_leaves_no_manifest(http: ScriptedHttp, images: DockerImages) -> None:
    digest = put_image(http, b"one")
    del http.held[at(OTHER, "blobs", digest_of(b"one"))]

    with pytest.raises(NotFound):
        images.pull_from_other_side("server", digest)

    assert http.pushed("/manifests/") == []


def test_a_part_is_streamed_again_when_the_repository_was_busy(http: ScriptedHttp, images: DockerImages) -> None:
    digest = put_image(http, b"one")
    http.down = 2

    images.pull_from_other_side("server", digest)

    assert http.held[at(OWN, "blobs", digest_of(b"one"))] == b"one"


def test_a_repository_that_stays_busy_is_unreachable(http: ScriptedHttp, images: DockerImages) -> None:
    digest = put_image(http, b"one")
    http.down = 99

    with pytest.raises(Unreachable):
        images.pull_from_other_side("server", digest)

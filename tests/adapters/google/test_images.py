"""What an image repository may do wrong, and images of many parts: a scripted session stands for both repositories."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any, Self

import pytest
import stamina

from tests.replication.world import settings_of
from vertex_dr.adapters.google.artifact_registry.images import ArtifactRegistryImages
from vertex_dr.adapters.google.clients import Clients
from vertex_dr.adapters.google.http import Http
from vertex_dr.kernel.errors import NotFound, ReplicaMismatch, Unreachable
from vertex_dr.kernel.sides import Side

OWN, OTHER = "https://europe-west1", "https://europe-west4"


def digest_of(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


@dataclass
class Answer:
    content: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    status_code: int = 200
    reason: str = ""

    @property
    def ok(self) -> bool:
        return self.status_code < 400

    @property
    def text(self) -> str:
        return self.content.decode()

    def json(self) -> Any:
        return json.loads(self.content)

    def iter_content(self, size: int) -> Any:
        return (self.content[at : at + size] for at in range(0, len(self.content), size))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return


@dataclass
class ScriptedSession:
    """Two repositories in a dict, and every request that was sent."""

    held: dict[str, bytes] = field(default_factory=dict)
    sent: list[tuple[str, str]] = field(default_factory=list)
    down: int = 0

    def request(self, method: str, url: str, **options: Any) -> Answer:
        self.sent.append((method, url))
        if self.down and method == "PUT":
            self.down -= 1
            return Answer(status_code=503, reason="busy")
        if method == "POST":
            return Answer(headers={"Location": url.removesuffix("uploads/").partition(".dev")[2] + "sessions/1"})
        if method == "PUT":
            content = options["data"] if isinstance(options["data"], bytes) else b"".join(options["data"])
            place = url.replace("sessions/1", options["params"]["digest"]) if "params" in options else url
            self.held[place] = content
            return Answer()
        if url not in self.held:
            return Answer(status_code=404, reason="no such part")
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
def session() -> ScriptedSession:
    return ScriptedSession()


@pytest.fixture
def images(session: ScriptedSession) -> ArtifactRegistryImages:
    clients = Clients(settings_of(Side.DR))
    clients.http = Http(session)  # type: ignore[arg-type] # all that Http needs of a session
    return ArtifactRegistryImages(clients, Side.DR)


def at(side: str, kind: str, digest: str) -> str:
    return f"{side}-docker.pkg.dev/v2/demo/vdr-images/server/{kind}/{digest}"


def put(session: ScriptedSession, kind: str, content: bytes) -> str:
    session.held[at(OTHER, kind, digest_of(content))] = content
    return digest_of(content)


def put_image(session: ScriptedSession, *layers: bytes) -> str:
    config = {"digest": put(session, "blobs", b"config of " + b",".join(layers))}
    manifest = {"config": config, "layers": [{"digest": put(session, "blobs", layer)} for layer in layers]}
    return put(session, "manifests", json.dumps(manifest).encode())


def test_the_manifest_comes_after_all_its_parts(session: ScriptedSession, images: ArtifactRegistryImages) -> None:
    digest = put_image(session, b"one", b"two")

    images.pull_from_other_side("server", digest)

    order = [url for method, url in session.sent if method == "PUT"]
    assert len(order) == 4
    assert order[-1] == at(OWN, "manifests", digest)
    assert session.held[at(OWN, "blobs", digest_of(b"two"))] == b"two"


def test_parts_that_are_here_are_not_pulled_again(session: ScriptedSession, images: ArtifactRegistryImages) -> None:
    digest = put_image(session, b"one", b"two")
    session.held[at(OWN, "blobs", digest_of(b"one"))] = b"one"

    images.pull_from_other_side("server", digest)

    assert ("GET", at(OTHER, "blobs", digest_of(b"one"))) not in session.sent


def test_an_image_for_several_machines_comes_with_all_of_them(
    session: ScriptedSession, images: ArtifactRegistryImages
) -> None:
    children = [put_image(session, b"amd64"), put_image(session, b"arm64")]
    index = json.dumps({"manifests": [{"digest": digest} for digest in children]}).encode()
    digest = put(session, "manifests", index)

    images.pull_from_other_side("server", digest)

    assert session.pushed("/manifests/") == [*children, digest]


def test_a_manifest_that_is_not_what_its_digest_says_is_a_mismatch(
    session: ScriptedSession, images: ArtifactRegistryImages
) -> None:
    digest = put_image(session, b"one")
    session.held[at(OTHER, "manifests", digest)] += b" "

    with pytest.raises(ReplicaMismatch, match="the manifest's content has the digest"):
        images.pull_from_other_side("server", digest)

    assert session.pushed("/manifests/") == []


def test_a_part_that_the_other_side_lost_leaves_no_manifest(
    session: ScriptedSession, images: ArtifactRegistryImages
) -> None:
    digest = put_image(session, b"one")
    del session.held[at(OTHER, "blobs", digest_of(b"one"))]

    with pytest.raises(NotFound):
        images.pull_from_other_side("server", digest)

    assert session.pushed("/manifests/") == []


def test_a_part_is_streamed_again_when_the_repository_was_busy(
    session: ScriptedSession, images: ArtifactRegistryImages
) -> None:
    digest = put_image(session, b"one")
    session.down = 2

    images.pull_from_other_side("server", digest)

    assert session.held[at(OWN, "blobs", digest_of(b"one"))] == b"one"


def test_a_repository_that_stays_busy_is_unreachable(session: ScriptedSession, images: ArtifactRegistryImages) -> None:
    digest = put_image(session, b"one")
    session.down = 99

    with pytest.raises(Unreachable):
        images.pull_from_other_side("server", digest)

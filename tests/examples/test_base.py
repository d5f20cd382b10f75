"""The serving image's base: pulled from a registry by digest for both processors, or made from Debian packages."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from release.image_push import ImagePush, run_command
from release.image_source import resolve_image
from release.release_file import ImageToPublish
from tests.kernel.test_settings import COMPLETE
from tests.serving_base import add_layer
from vertex_dr.adapters.google.clients import Clients
from vertex_dr.kernel.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from tests.running_cloud import RunningCloud

FOLDER = Path("examples/diagnosis/serving")


@dataclass(frozen=True)
class Kinds:
    """What the parts of an image are called."""

    index: str
    manifest: str
    config: str
    layer: str


OCI = Kinds(
    index="application/vnd.oci.image.index.v1+json",
    manifest="application/vnd.oci.image.manifest.v1+json",
    config="application/vnd.oci.image.config.v1+json",
    layer="application/vnd.oci.image.layer.v1.tar+gzip",
)
DOCKER = Kinds(
    index="application/vnd.docker.distribution.manifest.list.v2+json",
    manifest="application/vnd.docker.distribution.manifest.v2+json",
    config="application/vnd.docker.container.image.v1+json",
    layer="application/vnd.docker.image.rootfs.diff.tar.gzip",
)


@dataclass(frozen=True)
class Repository:
    """An image repository, the one of the settings' own side."""

    cloud: RunningCloud
    settings: Settings

    @property
    def host(self) -> str:
        return f"{self.settings.own.region}-docker.pkg.dev"

    @property
    def path(self) -> str:
        return f"{self.settings.project}/{self.settings.own.image_repository}"


def program(name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(FOLDER))  # where its programs find each other
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def base(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    return program("base", monkeypatch)


@pytest.fixture
def image(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    return program("image", monkeypatch)


def of(layout: Path, descriptor: dict[str, Any]) -> Any:
    """Return the document that the descriptor names, its digest and size checked."""
    data = (layout / "blobs" / "sha256" / descriptor["digest"].removeprefix("sha256:")).read_bytes()
    assert f"sha256:{hashlib.sha256(data).hexdigest()}" == descriptor["digest"]
    assert len(data) == descriptor["size"]
    return json.loads(data)


def push_base(
    repository: Repository,
    *architectures: str,
    kinds: Kinds = OCI,
    python: str = "usr/local/bin/python3.11",
) -> str:
    """Push an index with an image for each architecture, and return its reference by digest."""
    name = f"{repository.path}/base"

    def send(method: str, path: str, data: bytes, **options: Any) -> dict[str, Any]:
        url = f"https://{repository.host}/v2/{name}/{path}"
        answer = repository.cloud.session.request(method, url, data=data, timeout=60, **options)
        assert answer.ok, answer.text
        return {"digest": f"sha256:{hashlib.sha256(data).hexdigest()}", "size": len(data)}

    def blob(kind: str, data: bytes) -> dict[str, Any]:
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
        return {"mediaType": kind, **send("POST", "blobs/uploads/", data, params={"digest": digest})}

    def manifest(kind: str, content: dict[str, Any]) -> dict[str, Any]:
        data = json.dumps({"schemaVersion": 2, "mediaType": kind, **content}).encode()
        reference = f"manifests/sha256:{hashlib.sha256(data).hexdigest()}"
        return {"mediaType": kind, **send("PUT", reference, data, headers={"Content-Type": kind})}

    listed = []
    for one in architectures:
        layer, diff_id = add_layer({python: one, "usr/bin/python3.4": "shadowed"})
        config = {
            "architecture": one,
            "os": "linux",
            "config": {"Env": ["PATH=/usr/local/bin:/usr/bin", "LANG=C.UTF-8"]},
            "rootfs": {"type": "layers", "diff_ids": [diff_id]},
        }
        parts = {"config": blob(kinds.config, json.dumps(config).encode()), "layers": [blob(kinds.layer, layer)]}
        listed.append(manifest(kinds.manifest, parts) | {"platform": {"architecture": one, "os": "linux"}})
    return f"{repository.host}/{name}@{manifest(kinds.index, {'manifests': listed})['digest']}"


@pytest.fixture
def repository(
    cloud: RunningCloud, unique: Callable[[str], str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Repository:
    """Return a new image repository; skopeo and Google's clients are led to its cloud and have the user's login."""
    for name, value in cloud.env.items():
        monkeypatch.setenv(name, value)
    found = Settings.from_environment(COMPLETE)
    found.sides[found.side] = msgspec.structs.replace(found.own, image_repository=unique("images"))
    path = f"/artifactregistry/v1/projects/{found.project}/locations/{found.own.region}/repositories"
    status, answer = cloud.call("POST", f"{path}?repository_id={found.own.image_repository}", {"format": "DOCKER"})
    assert status == 200, answer
    made = Repository(cloud, found)
    login = base64.b64encode(f"oauth2accesstoken:{cloud.token}".encode()).decode()
    logins = tmp_path / "logins.json"
    logins.write_text(json.dumps({"auths": {made.host: {"auth": login}}}))
    monkeypatch.setenv("REGISTRY_AUTH_FILE", str(logins))
    return made


def pushed(repository: Repository, layout: Path) -> tuple[str, str]:
    """Push the layout; return the image's name without its host, and the digest that it has in the repository."""
    settings = repository.settings
    image = resolve_image(ImageToPublish(name="diagnosis", source=str(layout)), run=run_command)
    reference = ImagePush(Clients(settings), settings.side).push(image, tag="v1", run=run_command)
    name, _, digest = reference.removeprefix(f"{repository.host}/").partition("@")
    kinds = {"Accept": f"{OCI.index}, {OCI.manifest}"}
    answer = repository.cloud.session.get(
        f"https://{repository.host}/v2/{name}/manifests/v1", headers=kinds, timeout=60
    )
    assert f"sha256:{hashlib.sha256(answer.content).hexdigest()}" == digest
    return name, digest


@pytest.mark.parametrize("kinds", [OCI, DOCKER], ids=["oci", "docker"])
def test_a_base_of_a_registry_gives_an_image_for_both_processors_that_is_pushed_whole(
    base: ModuleType, image: ModuleType, repository: Repository, tmp_path: Path, kinds: Kinds
) -> None:
    reference = push_base(repository, "amd64", "s390x", "arm64", kinds=kinds)
    (tmp_path / "requirements.txt").touch()

    base.make(tmp_path / "base", reference)
    built = image.build(tmp_path / "base", tmp_path / "image", tmp_path / "requirements.txt")

    (top,) = json.loads((tmp_path / "image" / "index.json").read_bytes())["manifests"]
    assert top["digest"] == built
    index = of(tmp_path / "image", top)
    assert [one["platform"]["architecture"] for one in index["manifests"]] == ["amd64", "arm64"]
    for one in index["manifests"]:
        manifest = of(tmp_path / "image", one)
        config = of(tmp_path / "image", manifest["config"])
        assert config["architecture"] == one["platform"]["architecture"]
        assert config["config"]["Env"][:2] == ["PATH=/usr/local/bin:/usr/bin", "LANG=C.UTF-8"]
        assert len(manifest["layers"]) == len(config["rootfs"]["diff_ids"]) == 3
        assert {layer["mediaType"] for layer in manifest["layers"]} == {OCI.layer, OCI.layer.removesuffix("+gzip")}
        assert manifest["annotations"]["org.opencontainers.image.base.name"] == reference.partition("@")[0]
    copied, copied_digest = pushed(repository, tmp_path / "image")
    assert copied_digest == built
    for one in index["manifests"]:
        url = f"https://{repository.host}/v2/{copied}/manifests/{one['digest']}"
        assert repository.cloud.session.head(url, headers={"Accept": one["mediaType"]}, timeout=60).status_code == 200


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        ("python:3.11-slim", "names no digest"),
        ("registry.example/python:3.11", "names no digest"),
        (f"127.0.0.1:9/base@sha256:{'0' * 64}", "connection refused"),
    ],
)
def test_a_base_that_cannot_be_taken_is_named_with_the_remedy(
    base: ModuleType, tmp_path: Path, reference: str, reason: str
) -> None:
    with pytest.raises(base.BaseUnavailable, match=reason):
        base.make(tmp_path / "base", reference)

    assert list(tmp_path.iterdir()) == []


def test_a_base_without_our_processors_is_refused(base: ModuleType, repository: Repository, tmp_path: Path) -> None:
    reference = push_base(repository, "s390x")

    with pytest.raises(base.BaseUnavailable, match="no image for linux/amd64 or linux/arm64"):
        base.make(tmp_path / "base", reference)


def test_a_base_without_python_on_its_path_is_refused(
    base: ModuleType, image: ModuleType, repository: Repository, tmp_path: Path
) -> None:
    base.make(tmp_path / "base", push_base(repository, "amd64", python="opt/python3.11"))
    (described,) = json.loads((tmp_path / "base" / "index.json").read_bytes())["manifests"]
    manifest = of(tmp_path / "base", described)

    config = of(tmp_path / "base", manifest["config"])
    assert image.interpreter(tmp_path / "base", manifest, config) == "3.4"
    with pytest.raises(SystemExit, match="no Python on its PATH"):
        image.interpreter(tmp_path / "base", manifest, {"config": {"Env": ["PATH=/sbin"]}})


def test_a_machine_without_mmdebstrap_is_told_how_to_install_it(tmp_path: Path) -> None:
    program = [sys.executable, str(FOLDER / "base.py"), str(tmp_path / "base")]

    ended = subprocess.run(program, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)

    assert ended.returncode == 1
    assert ended.stderr == (
        "cannot make the serving image's base: mmdebstrap is not on PATH; apt-get install -y mmdebstrap\n"
    )


@pytest.mark.skipif("SERVING_BASE" in os.environ, reason="set-up took its base from a registry")
def test_a_base_of_the_same_recipe_is_kept(base: ModuleType, tmp_path: Path) -> None:
    shutil.copy("build/serving-base/recipe", tmp_path)

    base.make(tmp_path, "")

    assert [one.name for one in tmp_path.iterdir()] == ["recipe"]

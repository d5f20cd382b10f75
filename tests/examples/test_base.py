"""The serving image's base: pulled from a registry by digest for both processors, or made from Debian packages."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
import requests

from release.image_push import ImagePush, run_command
from tests.kernel.test_settings import COMPLETE
from tests.serving_base import add_layer
from vertex_dr.adapters.google.clients import Clients
from vertex_dr.kernel.settings import Endpoints, Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

FOLDER = Path("examples/diagnosis/serving")
OCI = "application/vnd.oci.image."


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


def write_base(layout: Path, *architectures: str, python: str = "usr/local/bin/python3.11") -> None:
    """Write an OCI layout of an index with an image for each architecture."""

    def blob(kind: str, data: bytes) -> dict[str, Any]:
        digest = hashlib.sha256(data).hexdigest()
        (layout / "blobs" / "sha256" / digest).write_bytes(data)
        return {"mediaType": OCI + kind, "digest": f"sha256:{digest}", "size": len(data)}

    (layout / "blobs" / "sha256").mkdir(parents=True)
    (layout / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
    listed = []
    for one in architectures:
        layer, diff_id = add_layer({python: one, "usr/bin/python3.4": "shadowed"})
        config = {
            "architecture": one,
            "os": "linux",
            "config": {"Env": ["PATH=/usr/local/bin:/usr/bin", "LANG=C.UTF-8"]},
            "rootfs": {"type": "layers", "diff_ids": [diff_id]},
        }
        manifest = {
            "schemaVersion": 2,
            "mediaType": f"{OCI}manifest.v1+json",
            "config": blob("config.v1+json", json.dumps(config).encode()),
            "layers": [blob("layer.v1.tar+gzip", layer)],
        }
        described = blob("manifest.v1+json", json.dumps(manifest).encode())
        listed.append(described | {"platform": {"architecture": one, "os": "linux"}})
    index = {"schemaVersion": 2, "mediaType": f"{OCI}index.v1+json", "manifests": listed}
    top = blob("index.v1+json", json.dumps(index).encode())
    tagged = top | {"annotations": {"org.opencontainers.image.ref.name": "latest"}}
    (layout / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [tagged]}))


@pytest.fixture
def settings(cloud: Any, unique: Callable[[str], str]) -> Settings:
    """Settings whose own side has an empty image repository."""
    project = unique("base")
    given = COMPLETE | {"VERTEX_DR_PROJECT": project}
    found = Settings.from_environment(given)
    region = cloud.region_url(found.own.region)
    parent = f"projects/{found.project}/locations/{found.own.region}"
    answer = requests.post(
        f"{region}/artifactregistry/v1/{parent}/repositories",
        params={"repository_id": found.own.image_repository},
        json={"format": "DOCKER"},
        timeout=60,
    )
    assert answer.status_code in {200, 409}, answer.text
    return msgspec.structs.replace(found, endpoints=Endpoints(values={"docker": region}))


def pushed(settings: Settings, layout: Path, image: str) -> tuple[str, str]:
    """Push the layout; return `host/name` in the local registry, and the digest that it has there."""
    reference = ImagePush(Clients(settings), settings.side).push(layout, image=image, tag="v1", run=run_command)
    root = settings.endpoints.of("docker", settings.own.region)
    name = f"{settings.project}/{settings.own.image_repository}/{image}"
    digest = reference.partition("@")[2]
    kinds = {"Accept": f"{OCI}index.v1+json, {OCI}manifest.v1+json"}
    answer = requests.get(f"{root}/v2/{name}/manifests/v1", headers=kinds, timeout=60)
    assert f"sha256:{hashlib.sha256(answer.content).hexdigest()}" == digest
    return f"{root.removeprefix('http://')}/{name}", digest


def test_a_base_of_a_registry_gives_an_image_for_both_processors_that_is_pushed_whole(
    base: ModuleType, image: ModuleType, settings: Settings, tmp_path: Path
) -> None:
    write_base(tmp_path / "source", "amd64", "s390x", "arm64")
    name, digest = pushed(settings, tmp_path / "source", "base")
    (tmp_path / "requirements.txt").touch()

    base.make(tmp_path / "base", f"{name}@{digest}")
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
        assert manifest["annotations"]["org.opencontainers.image.base.name"] == name
    copied, copied_digest = pushed(settings, tmp_path / "image", "diagnosis")
    assert copied_digest == built
    root, path = copied.partition("/")[::2]
    for one in index["manifests"]:
        url = f"http://{root}/v2/{path}/manifests/{one['digest']}"
        assert requests.head(url, headers={"Accept": one["mediaType"]}, timeout=60).status_code == 200


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


def test_a_base_without_our_processors_is_refused(base: ModuleType, settings: Settings, tmp_path: Path) -> None:
    write_base(tmp_path / "source", "s390x")
    name, digest = pushed(settings, tmp_path / "source", "base")

    with pytest.raises(base.BaseUnavailable, match="no image for linux/amd64 or linux/arm64"):
        base.make(tmp_path / "base", f"{name}@{digest}")


def test_a_base_without_python_is_refused(image: ModuleType, tmp_path: Path) -> None:
    write_base(tmp_path / "source", "amd64", python="opt/python3.11")
    top = json.loads((tmp_path / "source" / "index.json").read_bytes())["manifests"][0]
    described = of(tmp_path / "source", top)["manifests"][0]
    manifest = of(tmp_path / "source", described)

    assert image.interpreter(tmp_path / "source", manifest, of(tmp_path / "source", manifest["config"])) == "3.4"
    with pytest.raises(SystemExit, match="no Python on its PATH"):
        image.interpreter(tmp_path / "source", manifest, {"config": {"Env": ["PATH=/sbin"]}})


def test_a_machine_without_mmdebstrap_is_told_how_to_install_it(tmp_path: Path) -> None:
    program = [sys.executable, str(FOLDER / "base.py"), str(tmp_path / "base")]

    ended = subprocess.run(program, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)

    assert ended.returncode == 1
    assert ended.stderr == (
        "cannot make the serving image's base: mmdebstrap is not on PATH; apt-get install -y mmdebstrap\n"
    )


def test_a_base_of_the_same_recipe_is_kept(base: ModuleType) -> None:
    made = Path("build/serving-base")
    if os.environ.get("SERVING_BASE"):
        pytest.skip("set-up took its base from a registry")
    before = made.stat().st_mtime_ns

    base.make(made, "")

    assert made.stat().st_mtime_ns == before

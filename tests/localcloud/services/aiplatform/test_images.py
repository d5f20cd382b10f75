"""What a model server has of its image, and what becomes of images that are damaged, foreign, or do not start."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from typing import TYPE_CHECKING, Any

import pytest

from tests.serving_base import serving_base

if TYPE_CHECKING:
    from collections.abc import Callable

SERVER = """
import json, os, sys
from http.server import BaseHTTPRequestHandler, HTTPServer
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer({})
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        note = open("/srv/note").read()
        self.answer({"predictions": [sys.executable, os.getuid(), os.getcwd(), note, sys.argv[1:], os.environ["MODE"]]})
    def answer(self, body):
        data = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
HTTPServer(("127.0.0.1", int(os.environ["AIP_HTTP_PORT"])), Handler).serve_forever()
"""
CONFIG = {"Entrypoint": ["python3", "server.py"], "Cmd": ["--fast"], "WorkingDir": "/srv", "User": "daemon"}
RESOURCES = {"dedicatedResources": {"machineSpec": {"machineType": "n1-standard-2"}, "minReplicaCount": 1}}


class Images:
    """Images in primary's repository, each under a name of its own, and their models."""

    def __init__(self, side: Any, unique: Callable[[str], str], make_layer: Callable[[dict[str, str]], bytes]) -> None:
        self.side, self.unique, self.make_layer = side, unique, make_layer
        self.endpoint = ""

    def push(self, config: dict[str, Any], *, server: str = SERVER, layers: list[bytes] | None = None) -> str:
        name = self.unique("image")
        own = [serving_base().layer, self.make_layer({"srv/server.py": server, "srv/note": "of the image"})]
        digest = self.side.push(name, own if layers is None else layers, {"Env": ["MODE=slow"], **config})
        return f"{self.side.region}-docker.pkg.dev/demo/vertex-tests/{name}@{digest}"

    def upload(self, image: str, **container: Any) -> Any:
        model = self.side.model(image, artifact=None)
        model["containerSpec"] |= container
        return self.side.upload(model, modelId=self.unique("model"))

    def deploy(self, image: str, **container: Any) -> Any:
        """Deploy to a new endpoint, and return the operation."""
        uploaded = self.upload(image, **container)
        assert "error" not in uploaded, uploaded
        self.endpoint = self.unique("endpoint")
        self.side.finished(self.side.vertex("POST", f"endpoints?endpointId={self.endpoint}", {"displayName": "one"}))
        body = {"deployedModel": {"model": uploaded["response"]["model"], **RESOURCES}, "trafficSplit": {"0": 100}}
        return self.side.finished(self.side.vertex("POST", f"endpoints/{self.endpoint}:deployModel", body))

    def predictions(self, image: str, **container: Any) -> Any:
        deployed = self.deploy(image, **container)
        assert "error" not in deployed, deployed
        answer = self.side.vertex("POST", f"endpoints/{self.endpoint}:predict", {"instances": [1]}).json()
        body = {"deployedModelId": deployed["response"]["deployedModel"]["id"]}
        self.side.finished(self.side.vertex("POST", f"endpoints/{self.endpoint}:undeployModel", body))
        return answer["predictions"]

    def manifest(self, image: str) -> dict[str, Any]:
        name, _, digest = image.rpartition("/")[2].partition("@")
        found: dict[str, Any] = self.side.registry("GET", f"{name}/manifests/{digest}").json()
        return found


@pytest.fixture
def images(primary: Any, unique: Callable[[str], str], make_layer: Callable[[dict[str, str]], bytes]) -> Images:
    return Images(primary, unique, make_layer)


def test_a_server_runs_as_its_image_says_with_what_the_image_holds(images: Images) -> None:
    found = images.predictions(images.push(CONFIG))

    assert found == ["/usr/bin/python3", 1, "/srv", "of the image", ["--fast"], "slow"]


def test_the_container_spec_overrides_the_image(images: Images) -> None:
    found = images.predictions(
        images.push(CONFIG),
        command=["/usr/bin/python3.11", "/srv/server.py"],
        args=["$(MODE)"],
        env=[{"name": "MODE", "value": "quick"}],
    )

    assert found == ["/usr/bin/python3.11", 1, "/srv", "of the image", ["quick"], "quick"]


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"Entrypoint": ["nowhere"]}, 'exec: "nowhere": executable file not found in $PATH'),
        ({"Entrypoint": ["/srv/note"]}, "exec /srv/note: permission denied"),
        ({"Entrypoint": ["python3", "-c", "raise SystemExit('no such model')"]}, "no such model"),
        ({"User": "nobody-knows"}, "unable to find user nobody-knows: no matching entries in passwd file"),
        ({"Entrypoint": None, "Cmd": None}, "the image has neither Entrypoint nor Cmd"),
    ],
)
def test_a_server_that_does_not_start_fails_the_deployment_with_its_last_words(
    images: Images, config: dict[str, Any], said: str
) -> None:
    deployed = images.deploy(images.push(CONFIG | config))

    assert deployed["error"]["message"].startswith("Model server terminated")
    assert said in deployed["error"]["message"]


def test_a_program_for_another_processor_is_an_exec_format_error(images: Images) -> None:
    other = {"amd64": b"\xb7", "arm64": b"\x3e"}[serving_base().architecture]  # each other's number in an ELF header
    program = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\x00" + other + b"\x00\x01" + bytes(43)
    image = images.push(CONFIG | {"Entrypoint": ["/srv/server"]}, layers=[serving_base().layer, executable(program)])

    deployed = images.deploy(image)

    assert "exec /srv/server: exec format error" in deployed["error"]["message"]


def test_an_index_without_this_processor_is_refused_at_the_upload(images: Images, primary: Any) -> None:
    image = images.push(CONFIG)
    name, _, digest = image.rpartition("/")[2].partition("@")
    size = len(primary.registry("GET", f"{name}/manifests/{digest}").content)
    listed = {
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "digest": digest,
        "size": size,
        "platform": {"architecture": "s390x", "os": "linux"},
    }
    kind = "application/vnd.oci.image.index.v1+json"
    index = json.dumps({"schemaVersion": 2, "mediaType": kind, "manifests": [listed]})
    assert primary.registry("PUT", f"{name}/manifests/foreign", data=index, headers={"Content-Type": kind}).ok

    uploaded = images.upload(f"{image.partition('@')[0]}:foreign")

    assert f"lists no image for linux/{serving_base().architecture}" in uploaded["error"]["message"]


def test_a_layer_that_breaks_off_is_named(images: Images) -> None:
    whole = images.make_layer({"srv/server.py": SERVER * 50})
    broken = whole[: len(whole) // 2]

    uploaded = images.upload(pushed_as_damaged(images, broken))

    assert "cannot unpack the layer" in uploaded["error"]["message"]


def test_a_layer_with_other_content_than_the_config_says_is_named(images: Images) -> None:
    uploaded = images.upload(pushed_as_damaged(images, images.make_layer({"srv/server.py": "another"})))

    assert "and the image's config says sha256:" in uploaded["error"]["message"]


def test_a_layer_that_the_config_does_not_list_is_refused(images: Images, primary: Any) -> None:
    image = images.push(CONFIG)
    manifest = images.manifest(image)
    manifest["layers"] *= 2
    name = image.rpartition("/")[2].partition("@")[0]
    headers = {"Content-Type": manifest["mediaType"]}
    assert primary.registry("PUT", f"{name}/manifests/doubled", data=json.dumps(manifest), headers=headers).ok

    uploaded = images.upload(f"{image.partition('@')[0]}:doubled")

    assert "the manifest lists 4 layers, and the image's config 2" in uploaded["error"]["message"]


def test_images_with_the_same_base_share_its_files(images: Images, cloud: Any) -> None:
    for note in ("first", "second"):
        uploaded = images.upload(images.push(CONFIG, server=f"# {note}\n{SERVER}"))
        assert "error" not in uploaded

    programs = {
        path.stat().st_ino for path in (cloud.state_dir / "serving/roots").glob("sha256-*/root/usr/bin/python3.11")
    }
    assert len(programs) == 1


def executable(program: bytes) -> bytes:
    """Return a layer with the program as /srv/server."""
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as archive:
        member = tarfile.TarInfo("srv/server")
        member.mode, member.size = 0o755, len(program)
        archive.addfile(member, io.BytesIO(program))
    return gzip.compress(layer.getvalue(), mtime=0)


def pushed_as_damaged(images: Images, layer: bytes) -> str:
    """Push a whole image, then another manifest of its config whose last layer is this one."""
    image = images.push(CONFIG)
    manifest = images.manifest(image)
    name = image.rpartition("/")[2].partition("@")[0]
    manifest["layers"][-1] |= {"digest": images.side.push_blob(name, layer), "size": len(layer)}
    headers = {"Content-Type": manifest["mediaType"]}
    answer = images.side.registry("PUT", f"{name}/manifests/damaged", data=json.dumps(manifest), headers=headers)
    assert answer.ok, answer.text
    return f"{image.partition('@')[0]}:damaged"

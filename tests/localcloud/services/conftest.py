"""Images, artifacts and clients for the tests of Vertex AI and Artifact Registry."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.serving_base import add_layer, serving_base

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import requests

    from tests.running_cloud import RunningCloud

SERVER = Path(__file__).with_name("small_server.py").read_text()
OCI_IMAGE = "application/vnd.oci.image.manifest.v1+json"
OCI_CONFIG = "application/vnd.oci.image.config.v1+json"
OCI_LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
REPOSITORY = "vertex-tests"


def digest(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


def layer(files: dict[str, str]) -> bytes:
    """Return a gzipped layer with these files."""
    return add_layer(files)[0]


def diff_ids(layers: list[bytes]) -> list[str]:
    """Return the digests of what the layers hold; of one that is no gzip, of itself."""
    return [digest(gzip.decompress(one) if one.startswith(b"\x1f\x8b") else one) for one in layers]


@dataclass(frozen=True, slots=True)
class Side:
    """One region as these tests use it: a staging bucket, an image repository, clients."""

    cloud: RunningCloud  # called at the region's own hosts
    region: str
    bucket: str

    @property
    def location(self) -> str:
        return f"projects/demo/locations/{self.region}"

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        """Send one request to what `/API/…` stands for, in the region."""
        return self.cloud.session.request(method, self.cloud.url(path), json=body, headers=headers, timeout=60)

    def vertex(self, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        """Call Vertex AI with a path below the location."""
        return self.call(method, f"/aiplatform/v1/{self.location}/{path}", body, **headers)

    def registry(self, method: str, path: str, **options: Any) -> requests.Response:
        """Call the image registry with a path below /v2/demo/{repository}/."""
        url = self.cloud.url(f"/v2/demo/{REPOSITORY}/{path}")
        return self.cloud.session.request(method, url, timeout=60, **options)

    def push_blob(self, image: str, data: bytes) -> str:
        """Push a blob whole, and return its digest."""
        answer = self.registry("POST", f"{image}/blobs/uploads/", params={"digest": digest(data)}, data=data)
        assert answer.status_code == 201, answer.text
        return digest(data)

    def push(self, image: str, layers: list[bytes], config: dict[str, Any], *, tag: str = "latest", **more: Any) -> str:
        """Push an image of gzipped layers, and return its digest."""
        document = {"architecture": serving_base().architecture, "os": "linux", "config": config}
        config_data = json.dumps(document | {"rootfs": {"type": "layers", "diff_ids": diff_ids(layers)}}).encode()
        blobs = [(OCI_CONFIG, config_data), *((OCI_LAYER, one) for one in layers)]
        described = [
            {"mediaType": kind, "digest": self.push_blob(image, data), "size": len(data)} for kind, data in blobs
        ]
        manifest = {"schemaVersion": 2, "mediaType": OCI_IMAGE, "config": described[0], "layers": described[1:]} | more
        data = json.dumps(manifest).encode()
        answer = self.registry("PUT", f"{image}/manifests/{tag}", data=data, headers={"Content-Type": OCI_IMAGE})
        assert answer.status_code == 201, answer.text
        return digest(data)

    def push_server(self, image: str = "small", *, offset: int = 1) -> str:
        """Push the small server's image, and return its reference by digest."""
        files = {"app/server.py": SERVER, "app/lib/shipped.py": f"OFFSET = {offset}\n"}
        config = {"Entrypoint": ["python3", "/app/server.py"], "Env": ["PYTHONPATH=/app/lib"], "WorkingDir": "/app"}
        pushed = self.push(image, [serving_base().layer, layer(files)], config)
        return f"{self.region}-docker.pkg.dev/demo/{REPOSITORY}/{image}@{pushed}"

    def write(self, name: str, data: bytes | str) -> None:
        """Put an object into the staging bucket."""
        answer = self.cloud.session.post(
            f"https://storage.googleapis.com/upload/storage/v1/b/{self.bucket}/o",
            params={"uploadType": "media", "name": name},
            data=data,
            timeout=60,
        )
        assert answer.status_code == 200, answer.text

    def model(self, image_uri: str, *, artifact: str | None, **fields: Any) -> dict[str, Any]:
        """Return the body of a model that an upload takes."""
        routes = {"predictRoute": "/predict", "healthRoute": "/health"}
        model = {"displayName": "small", "containerSpec": {"imageUri": image_uri, **routes}} | fields
        return model | ({"artifactUri": f"gs://{self.bucket}/{artifact}"} if artifact else {})

    def upload(self, model: dict[str, Any], **fields: Any) -> dict[str, Any]:
        """Upload a model and return the finished operation."""
        return self.finished(self.vertex("POST", "models:upload", {"model": model, **fields}))

    def finished(self, answer: requests.Response) -> dict[str, Any]:
        """Return the operation that the call started, once it is done."""
        assert answer.status_code == 200, answer.text
        operation: dict[str, Any] = answer.json()
        while not operation.get("done"):
            waited = self.call("POST", f"/aiplatform/v1/{operation['name']}:wait", {"timeout": "20s"})
            operation = waited.json()
        return operation


def _side(cloud: RunningCloud, region: str, bucket: str) -> Side:
    side = Side(cloud.at(region), region, bucket)
    path = f"/artifactregistry/v1/{side.location}/repositories?repository_id={REPOSITORY}"
    assert side.call("POST", path, {"format": "DOCKER"}).status_code in {200, 409}
    made = {"name": bucket, "location": region}
    assert side.call("POST", "/storage/v1/b?project=demo", made).status_code in {200, 409}
    return side


@pytest.fixture(scope="session")
def make_side() -> Callable[[RunningCloud, str, str], Side]:
    """Return what makes bucket and repository of a side in any cloud."""
    return _side


@pytest.fixture(scope="session")
def sides(cloud: Any) -> dict[str, Side]:
    regions = (cloud.primary, cloud.dr)
    return {one: _side(cloud, one, f"demo-vertex-tests-{one}") for one in regions}


@pytest.fixture(scope="session")
def primary(cloud: Any, sides: dict[str, Side]) -> Side:
    return sides[cloud.primary]


@pytest.fixture(scope="session")
def dr(cloud: Any, sides: dict[str, Side]) -> Side:
    return sides[cloud.dr]


@pytest.fixture(scope="session")
def server_image(primary: Side) -> str:
    """The small server's image in primary."""
    primary.write("factor-3/weights.json", json.dumps({"factor": 3}))
    primary.write("factor-5/weights.json", json.dumps({"factor": 5}))
    return primary.push_server()


@pytest.fixture
def make_layer() -> Callable[[dict[str, str]], bytes]:
    return layer


@pytest.fixture
def sdk(primary: Side) -> Iterator[Any]:
    """Google's SDK in primary's region."""
    from google.cloud import aiplatform  # noqa: PLC0415 - its import takes seconds, and only these tests need it

    aiplatform.init(
        project="demo",
        location=primary.region,
        api_transport="rest",
        credentials=primary.cloud.credentials,
        staging_bucket=f"gs://{primary.bucket}",
    )
    yield aiplatform
    aiplatform.initializer.global_config.__init__()

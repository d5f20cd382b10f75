"""Two sides on the local cloud, made by plain REST: buckets, repositories, an endpoint, a selector at epoch 1.

Each is a project of its own, so that tests see nothing of each other.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.serving_base import add_layer, serving_base
from vertex_dr.kernel.settings import PipelineSettings, Settings, SideSettings
from vertex_dr.kernel.sides import Side
from vertex_dr.wiring.entry_points import Capabilities
from vertex_dr.wiring.google_ports import GooglePorts

if TYPE_CHECKING:
    import requests

    from tests.running_cloud import RunningCloud

OCI_IMAGE = "application/vnd.oci.image.manifest.v1+json"
SERVER = Path(__file__).parents[1] / "localcloud" / "services" / "small_server.py"
ENDPOINT = "424242"
PIPELINE = """\
components: {}
deploymentSpec: {}
pipelineInfo:
  name: %s
root:
  dag:
    tasks: {}
schemaVersion: 2.1.0
sdkVersion: kfp-2.13.0
"""


@dataclass(frozen=True, slots=True)
class TwoSides:
    """A project with everything that Terraform would have made in it."""

    cloud: RunningCloud
    settings: dict[Side, Settings]

    @property
    def primary(self) -> Settings:
        return self.settings[Side.PRIMARY]

    @property
    def dr(self) -> Settings:
        return self.settings[Side.DR]

    def send(self, method: str, path: str, **options: Any) -> requests.Response:
        url = path if "://" in path else self.cloud.url(path)
        answer = self.cloud.session.request(method, url, timeout=60, **options)
        assert answer.status_code < 400, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer

    def write(self, bucket: str, name: str, data: bytes | str) -> None:
        self.send("POST", f"/upload/storage/v1/b/{bucket}/o", params={"uploadType": "media", "name": name}, data=data)

    def push_image(self, settings: Settings, image: str = "small", *, offset: int = 1, tag: str = "latest") -> str:
        """Push the small prediction server, and return its reference by digest."""
        root = f"https://{settings.own.region}-docker.pkg.dev"
        place = f"{root}/v2/{settings.project}/{settings.own.image_repository}/{image}"
        files = {"app/server.py": SERVER.read_text(), "app/lib/shipped.py": f"OFFSET = {offset}\n"}
        base, (layer, diff_id) = serving_base(), add_layer(files)
        document = {
            "architecture": base.architecture,
            "os": "linux",
            "config": {
                "Entrypoint": ["python3", "/app/server.py"],
                "Env": ["PYTHONPATH=/app/lib"],
                "WorkingDir": "/app",
            },
            "rootfs": {"type": "layers", "diff_ids": [base.diff_id, diff_id]},
        }
        parts = [
            ("application/vnd.oci.image.config.v1+json", _json(document)),
            (base.media_type, base.layer),
            (base.media_type, layer),
        ]
        described = []
        for kind, data in parts:
            self.send("POST", f"{place}/blobs/uploads/", params={"digest": _digest(data)}, data=data)
            described.append({"mediaType": kind, "digest": _digest(data), "size": len(data)})
        manifest = {"schemaVersion": 2, "mediaType": OCI_IMAGE, "config": described[0], "layers": described[1:]}
        data = _json(manifest)
        self.send("PUT", f"{place}/manifests/{tag}", data=data, headers={"Content-Type": OCI_IMAGE})
        own = settings.own
        return f"{own.region}-docker.pkg.dev/{settings.project}/{own.image_repository}/{image}@{_digest(data)}"

    def push_pipeline(self, settings: Settings, package: str, *, tags: str = "latest", note: str = "") -> str:
        """Push a compiled pipeline, and return its version."""
        root = f"https://{settings.own.region}-kfp.pkg.dev"
        content = (PIPELINE % package) + (f"# {note}\n" if note else "")
        answer = self.send(
            "POST",
            f"{root}/{settings.project}/{settings.own.pipeline_repository}",
            files={"content": ("pipeline.yaml", content)},
            data={"tags": tags},
        )
        return answer.text.partition("/")[2]

    def declare(self, settings: Settings, **fields: Any) -> None:
        """Write a manifest as Terraform's vertex-model does."""
        manifest = (
            {"schema": 1, "model": "diagnosis", "alias": "default", "endpoint": ENDPOINT}
            | {
                "machine_type": "n1-standard-2",
                "min_replicas": 1,
                "max_replicas": 1,
            }
            | fields
        )
        self.write(settings.own.staging_bucket, f"manifests/models/{manifest['model']}.json", json.dumps(manifest))

    def predict(self, settings: Settings, instances: list[Any]) -> list[Any]:
        """Ask the side's endpoint."""
        root = f"https://{settings.own.region}-aiplatform.googleapis.com"
        place = f"projects/{settings.project}/locations/{settings.own.region}/endpoints/{ENDPOINT}"
        found: list[Any] = self.send("POST", f"{root}/v1/{place}:predict", json={"instances": instances}).json()[
            "predictions"
        ]
        return found


def on(settings: Settings) -> Capabilities:
    """Return what the settings' side can do, wired as its functions are."""
    return Capabilities(settings, GooglePorts(settings))


def make_two_sides(cloud: Any, project: str) -> TwoSides:
    """Make the places of both sides in a new project, and the selector."""
    sides = {
        side: SideSettings(
            region=region,
            staging_bucket=f"{project}-staging-{region}",
            image_repository="vdr-images",
            pipeline_repository="vdr-pipelines",
            endpoint=ENDPOINT,
        )
        for side, region in ((Side.PRIMARY, cloud.primary), (Side.DR, cloud.dr))
    }
    settings = {
        side: Settings(
            project=project,
            side=side,
            service="diagnosis",
            sides=sides,
            artifact_bucket=f"{project}-artifacts",
            selector_database="vdr-selector",
            selector_secret="vdr-selector-diagnosis",  # noqa: S106 - a name
            pipeline=PipelineSettings(package="diagnosis-training"),
        )
        for side in Side
    }
    made = TwoSides(cloud=cloud, settings=settings)
    cloud.admin("POST", "projects", {"project": project})
    placement = {"dataLocations": ["EUROPE-WEST1", "EUROPE-WEST4"]}
    bucket = {"name": f"{project}-artifacts", "location": "EU", "customPlacementConfig": placement}
    made.send("POST", "/storage/v1/b", params={"project": project}, json=bucket)
    made.send(
        "POST",
        f"/firestore/v1/projects/{project}/databases",
        params={"databaseId": "vdr-selector"},
        json={"locationId": "eur3", "type": "FIRESTORE_NATIVE"},
    )
    made.send(
        "POST",
        f"/secretmanager/v1/projects/{project}/secrets",
        params={"secretId": "vdr-selector-diagnosis"},
        json={"replication": {"automatic": {}}},
    )
    for side in sides.values():
        parent = f"projects/{project}/locations/{side.region}"
        made.send(
            "POST",
            "/storage/v1/b",
            params={"project": project},
            json={"name": side.staging_bucket, "location": side.region, "versioning": {"enabled": True}},
        )
        for kind, repository in (("DOCKER", side.image_repository), ("KFP", side.pipeline_repository)):
            made.send(
                "POST",
                f"/artifactregistry/v1/{parent}/repositories",
                params={"repository_id": repository},
                json={"format": kind},
            )
        made.send(
            "POST",
            f"/aiplatform/v1/{parent}/endpoints",
            params={"endpointId": ENDPOINT},
            json={"displayName": "diagnosis"},
        )
    return made


def _json(content: Any) -> bytes:
    return json.dumps(content).encode()


def _digest(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()

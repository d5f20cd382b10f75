"""A small project on the local cloud: buckets, secret, one endpoint a side with a served model, golden values."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from tests.serving_base import add_layer, serving_base
from vertex_dr.kernel.settings import Settings, SideSettings
from vertex_dr.kernel.sides import Side

if TYPE_CHECKING:
    from tests.running_cloud import RunningCloud

SERVER = Path(__file__).with_name("served.py").read_text()
REGIONS = {Side.PRIMARY: "europe-west4", Side.DR: "europe-west1"}
DATABASE = "vdr-selector"
INSTANCES = [1.0, 2.0, 7.5]
OCI = "application/vnd.oci.image."


@dataclass(frozen=True)
class TrafficProject:
    """A cloud, and calls to it that fail loudly."""

    cloud: RunningCloud
    token: str
    settings: Settings

    def call(
        self, method: str, path: str, *, region: str | None = None, accept: tuple[int, ...] = (200,), **request: Any
    ) -> Any:
        cloud = self.cloud.at(region) if region else self.cloud
        answer = self.cloud.session.request(
            method,
            cloud.url(path),
            headers={"Authorization": f"Bearer {self.token}", **request.pop("headers", {})},
            timeout=60,
            **request,
        )
        assert answer.status_code in accept, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content and "json" in answer.headers.get("Content-Type", "") else answer

    def admin(self, what: str, **body: Any) -> None:
        self.cloud.admin("POST", what, body)

    def finished(self, operation: dict[str, Any], region: str) -> dict[str, Any]:
        while not operation.get("done"):
            path = f"/aiplatform/v1/{operation['name']}:wait"
            operation = self.call("POST", path, region=region, json={"timeout": "20s"})
        assert "error" not in operation, operation
        return operation

    def write(self, bucket: str, name: str, content: bytes) -> None:
        self.call(
            "POST", f"/upload/storage/v1/b/{bucket}/o", params={"uploadType": "media", "name": name}, data=content
        )

    def serve(self, side: Side, factor: float) -> None:
        """Make the side's endpoint answer factor x instance."""
        one, project = self.settings.sides[side], self.settings.project
        place = f"projects/{project}/locations/{one.region}"
        image = self._push(one.region, one.image_repository)
        self.write(one.staging_bucket, f"{self.settings.service}/factor.json", json.dumps(factor).encode())
        model = {
            "displayName": self.settings.service,
            "artifactUri": f"gs://{one.staging_bucket}/{self.settings.service}",
            "containerSpec": {"imageUri": image, "predictRoute": "/predict", "healthRoute": "/health"},
        }
        vertex = f"/aiplatform/v1/{place}"
        body: dict[str, Any] = {"model": model, "modelId": f"m{one.endpoint}"}
        self.finished(self.call("POST", f"{vertex}/models:upload", region=one.region, json=body), one.region)
        body = {"displayName": self.settings.service}
        created = self.call("POST", f"{vertex}/endpoints?endpointId={one.endpoint}", region=one.region, json=body)
        self.finished(created, one.region)
        resources = {"machineSpec": {"machineType": "n1-standard-2"}, "minReplicaCount": 1}
        deployed = {"model": f"{place}/models/m{one.endpoint}", "dedicatedResources": resources}
        body = {"deployedModel": deployed, "trafficSplit": {"0": 100}}
        path = f"{vertex}/endpoints/{one.endpoint}:deployModel"
        self.finished(self.call("POST", path, region=one.region, json=body), one.region)

    def _push(self, region: str, repository: str) -> str:
        place = f"projects/{self.settings.project}/locations/{region}/repositories?repositoryId={repository}"
        self.call("POST", f"/artifactregistry/v1/{place}", region=region, json={"format": "DOCKER"}, accept=(200, 409))
        base = f"/v2/{self.settings.project}/{repository}/served"

        def blob(data: bytes) -> dict[str, Any]:
            digest = "sha256:" + hashlib.sha256(data).hexdigest()
            self.call(
                "POST", f"{base}/blobs/uploads/", region=region, params={"digest": digest}, data=data, accept=(201,)
            )
            return {"digest": digest, "size": len(data)}

        below, (layer, diff_id) = serving_base(), add_layer({"app/served.py": SERVER})
        document = {
            "architecture": below.architecture,
            "os": "linux",
            "config": {"Entrypoint": ["python3", "/app/served.py"], "WorkingDir": "/app"},
            "rootfs": {"type": "layers", "diff_ids": [below.diff_id, diff_id]},
        }
        described = json.dumps(document).encode()
        manifest = json.dumps(
            {
                "schemaVersion": 2,
                "mediaType": f"{OCI}manifest.v1+json",
                "config": {"mediaType": f"{OCI}config.v1+json", **blob(described)},
                "layers": [{"mediaType": below.media_type, **blob(one)} for one in (below.layer, layer)],
            }
        ).encode()
        headers = {"Content-Type": f"{OCI}manifest.v1+json"}
        self.call("PUT", f"{base}/manifests/latest", region=region, data=manifest, headers=headers, accept=(201,))
        digest = "sha256:" + hashlib.sha256(manifest).hexdigest()
        return f"{region}-docker.pkg.dev/{self.settings.project}/{repository}/served@{digest}"

    def for_service(self, service: str) -> TrafficProject:
        """Return the same endpoints under another service's name, with secret and golden values of its own."""
        secret = f"vdr-selector-{service}"
        settings = msgspec.structs.replace(self.settings, service=service, selector_secret=secret)
        project = TrafficProject(self.cloud, self.token, settings)
        project.open_service()
        return project

    def open_service(self) -> None:
        """Make the service's secret and golden values exist."""
        settings = self.settings
        path = f"/secretmanager/v1/projects/{settings.project}/secrets?secretId={settings.selector_secret}"
        self.call("POST", path, json={"replication": {"automatic": {}}})
        golden = {"schema": 1, "instances": INSTANCES, "predictions": [3 * one for one in INSTANCES]}
        self.write(settings.artifact_bucket, f"golden/{settings.service}.json", json.dumps(golden).encode())


def prepare(cloud: RunningCloud, environment: dict[str, str], service: str, endpoint: str) -> TrafficProject:
    """Return a project whose buckets, secret and golden values exist; nothing is served yet."""
    settings = _settings(service, endpoint)
    made, project = TrafficProject(cloud, environment["GOOGLE_OAUTH_ACCESS_TOKEN"], settings), settings.project
    buckets = {settings.artifact_bucket: "EU"} | {one.staging_bucket: one.region for one in settings.sides.values()}
    for bucket, location in buckets.items():
        body = {"name": bucket, "location": location}
        made.call("POST", f"/storage/v1/b?project={project}", json=body, accept=(200, 409))
    path = f"/firestore/v1/projects/{project}/databases?databaseId={DATABASE}"
    made.call("POST", path, json={"locationId": "eur3", "type": "FIRESTORE_NATIVE"}, accept=(200, 409))
    made.open_service()
    return made


def _settings(service: str, endpoint: str) -> Settings:
    return Settings(
        project="demo",
        side=Side.DR,
        service=service,
        sides={
            side: SideSettings(
                region=region,
                staging_bucket=f"demo-traffic-staging-{region}",
                image_repository="traffic-images",
                pipeline_repository="traffic-pipelines",
                endpoint=endpoint,
            )
            for side, region in REGIONS.items()
        },
        artifact_bucket="demo-traffic-artifacts",
        selector_database=DATABASE,
        selector_secret=f"vdr-selector-{service}",
    )

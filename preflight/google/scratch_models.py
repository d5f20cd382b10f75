"""Scratch models and endpoints over the REST API of a region's Vertex AI."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from preflight.checks.places import multi_region_of
from vertex_dr.kernel.errors import NotFound, Refused

if TYPE_CHECKING:
    from preflight.google.operations import Calls
    from preflight.ports import Removals
    from vertex_dr.kernel.ids import NewId

__all__ = ["GoogleScratchModels"]

# https://cloud.google.com/vertex-ai/docs/predictions/pre-built-containers#scikit-learn
_IMAGE = "{place}-docker.pkg.dev/vertex-ai/prediction/sklearn-cpu.1-5:latest"
_PLACES = {"ASIA": "asia", "EU": "europe", "US": "us"}
_MACHINE = "n1-standard-2"


@dataclass(frozen=True)
class GoogleScratchModels:
    """Models served by Google's prebuilt scikit-learn image, which needs no repository of the project's own."""

    calls: Calls
    removals: Removals
    new_id: NewId

    def upload(self, region: str, artifact: str, labels: dict[str, str], *, parent: str | None = None) -> str:
        """Register the artifact as a model, or as parent's next version; return `NAME@VERSION` once it is there."""
        name = parent or f"{self._location(region)}/models/vdr-preflight-{self.new_id()[:8]}".lower()
        tried = f"upload {artifact} as {name}"
        if parent is None:
            self.removals.add(f"model {name}", lambda: self._remove(region, name))
        image = _IMAGE.format(place=_PLACES.get(multi_region_of(region) or "", "us"))
        model = {
            "displayName": name.rpartition("/")[2],
            "artifactUri": artifact,
            "containerSpec": {"imageUri": image},
            "labels": labels,
        }
        which = {"parentModel": parent} if parent else {"modelId": name.rpartition("/")[2]}
        started = self.calls.post(
            f"{self._base(region)}/{self._location(region)}/models:upload", {"model": model} | which, tried
        )
        response = self.calls.done(self._base(region), started, tried)["response"]
        return f"{response['model'].partition('@')[0]}@{response['modelVersionId']}"

    def labels(self, name: str) -> dict[str, str]:
        """Return the labels of the model, or of the version where the name ends in @VERSION."""
        found = self.calls.get(f"{self._base(_region_of(name))}/{name}", f"read {name}")
        return dict(found.get("labels", {}))

    def export(self, name: str, uri: str) -> str:
        """Export the version as `custom-trained` below the URI, and return where the operation says that it lies."""
        tried, base = f"export {name} to {uri}", self._base(_region_of(name))
        config = {"exportFormatId": "custom-trained", "artifactDestination": {"outputUriPrefix": uri}}
        started = self.calls.post(f"{base}/{name}:export", {"outputConfig": config}, tried)
        ended = self.calls.done(base, started, tried)
        told = ended.get("metadata", {}).get("outputInfo", {}).get("artifactOutputUri")
        if not told:
            raise NotFound(tried, found="the operation tells no place", then="look into the bucket by hand")
        return str(told)

    def make_endpoint(self, region: str) -> str:
        """Make an endpoint, and return its name."""
        tried = f"make a scratch endpoint in {region}"
        body = {"displayName": f"vdr-preflight-{self.new_id()[:8]}"}
        started = self.calls.post(f"{self._base(region)}/{self._location(region)}/endpoints", body, tried)
        name = str(self.calls.done(self._base(region), started, tried)["response"]["name"])
        self.removals.add(f"endpoint {name}", lambda: self._remove_endpoint(name))
        return name

    def deploy(self, endpoint: str, name: str) -> None:
        """Return when the version serves at the endpoint."""
        tried, base = f"deploy {name} to {endpoint}", self._base(_region_of(endpoint))
        resources = {"machineSpec": {"machineType": _MACHINE}, "minReplicaCount": 1, "maxReplicaCount": 1}
        deployed = {"model": name, "dedicatedResources": resources}
        body = {"deployedModel": deployed, "trafficSplit": {"0": 100}}
        self.calls.done(base, self.calls.post(f"{base}/{endpoint}:deployModel", body, tried), tried)

    def destroy(self, endpoint: str) -> bool:
        """Delete the endpoint as Terraform does; return False when Google refuses that in its present state."""
        try:
            self._delete(endpoint)
        except Refused:
            return False
        return True

    def _remove_endpoint(self, name: str) -> None:
        base, tried = self._base(_region_of(name)), f"undeploy everything from {name}"
        for deployed in self.calls.get(f"{base}/{name}", tried).get("deployedModels", []):
            started = self.calls.post(f"{base}/{name}:undeployModel", {"deployedModelId": deployed["id"]}, tried)
            self.calls.done(base, started, tried)
        self._delete(name)

    def _remove(self, region: str, name: str) -> None:
        tried = f"remove {name}"
        self.calls.done(self._base(region), self.calls.delete(f"{self._base(region)}/{name}", tried), tried)

    def _delete(self, endpoint: str) -> dict[str, Any]:
        base, tried = self._base(_region_of(endpoint)), f"delete {endpoint}"
        return self.calls.done(base, self.calls.delete(f"{base}/{endpoint}", tried), tried)

    def _location(self, region: str) -> str:
        return f"projects/{self.calls.clients.settings.project}/locations/{region}"

    def _base(self, region: str) -> str:
        return f"{self.calls.clients.url('aiplatform', region)}/v1"


def _region_of(name: str) -> str:
    return name.split("/")[3]

"""Who holds a name: one GET of the resource itself, in the API of its kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from preflight.google.project import get_json
from preflight.records import Held, NameKind
from vertex_dr.kernel.errors import Denied, NotFound

if TYPE_CHECKING:
    from preflight.google.project import GoogleProjectFacts
    from preflight.records import Resource

__all__ = ["GoogleNames"]

_APIS = {
    NameKind.DATABASE: ("firestore", "v1"),
    NameKind.ENDPOINT: ("aiplatform", "v1"),
    NameKind.FUNCTION: ("cloudfunctions", "v2"),
    NameKind.REPOSITORY: ("artifactregistry", "v1"),
    NameKind.SECRET: ("secretmanager", "v1"),
    NameKind.SERVICE_ACCOUNT: ("iam", "v1"),
    NameKind.TOPIC: ("pubsub", "v1"),
}
_MARK = (
    "vertex-dr: "  # how Terraform's modules/service-identity begins the description of an account, which has no labels
)
_NOBODY = Held(by="nobody")


@dataclass(frozen=True)
class GoogleNames:
    """The names of one project, and the one name space of all buckets."""

    facts: GoogleProjectFacts

    def held(self, resource: Resource) -> Held:
        """Return who holds the name; a bucket that may not be read is another's: it exists, and nothing says more."""
        if resource.kind is NameKind.BUCKET:
            return self._bucket(resource.name)
        api, version = _APIS[resource.kind]
        region = resource.name.split("/")[3] if "/locations/" in resource.name else ""
        try:
            found = self._read(api, region, f"{version}/{resource.name}")
        except NotFound:
            return _NOBODY
        return Held(by="project", location=found.get("locationId", region), labels=_labels(found))

    def _bucket(self, name: str) -> Held:
        try:
            found = self._read("storage", "", f"storage/v1/b/{quote(name, safe='')}")
        except NotFound:
            return _NOBODY
        except Denied:
            return Held(by="another")
        placed = found.get("customPlacementConfig", {}).get("dataLocations", [])
        return Held(
            by="project" if str(found["projectNumber"]) == self.facts.number else "another",
            location=found["location"],
            data_locations=tuple(one.lower() for one in placed),
            labels=_labels(found),
        )

    def _read(self, api: str, region: str, path: str) -> dict[str, Any]:
        clients = self.facts.clients
        return get_json(
            clients,
            f"{clients.url(api, region)}/{path}",
            f"ask who holds {path}",
            then=f"gcloud services enable {api}.googleapis.com, get what README's roles hold, and run it again",
        )


def _labels(found: dict[str, Any]) -> dict[str, str]:
    labels: dict[str, str] = dict(found.get("labels", {}))
    if found.get("description", "").startswith(_MARK):
        labels.setdefault("application", "vertex-dr")
    return labels

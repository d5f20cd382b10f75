"""The project that preflight's contracts run on, made twice: in memory, and on the local cloud."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from preflight.discovery.removals import ScratchRemovals
from preflight.google.names import GoogleNames
from preflight.google.project import GoogleProjectFacts
from preflight.google.scratch import GoogleScratch
from preflight.records import Held, NameKind, Policy, PolicyRule, Resource
from tests.memory.preflight import MemoryFacts, MemoryNames, MemoryScratch
from tests.replication.world import settings_of
from vertex_dr.adapters.google.clients import Clients
from vertex_dr.kernel.sides import Side

if TYPE_CHECKING:
    from collections.abc import Callable

    from preflight.ports import Names, ProjectFacts, Scratch
    from tests.running_cloud import RunningCloud

CPUS = "aiplatform.googleapis.com/custom_model_serving_cpus"
_LIMIT = "consumerQuotaMetrics/aiplatform.googleapis.com%2Fcustom_model_serving_cpus/limits/%2Fproject%2Fregion"


class Project(Protocol):
    """One project: its ports, and what its owner does without them."""

    region: str
    other_region: str
    unique: Callable[[str], str]
    facts: ProjectFacts
    names: Names
    scratch: Scratch
    removals: ScratchRemovals

    def enable(self, host: str) -> None: ...
    def lower_quota(self, region: str, limit: int) -> None: ...
    def set_policy(self, constraint: str, rule: PolicyRule) -> None: ...
    def make_bucket(self, *, regions: tuple[str, ...]) -> Resource: ...
    def others_bucket(self) -> Resource: ...
    def make_repository(self, *, labels: dict[str, str]) -> Resource: ...
    def make_account(self, *, description: str) -> Resource: ...


class MemoryProject:
    """A project in memory."""

    region, other_region = "europe-west4", "europe-west1"

    def __init__(self, unique: Callable[[str], str]) -> None:
        self.unique = unique
        self.facts, self.names, self.removals = MemoryFacts(), MemoryNames(), ScratchRemovals()
        self.facts.quotas[CPUS] = {"": -1, self.region: -1, self.other_region: -1}
        self.scratch = MemoryScratch(self.removals, lambda: datetime(2026, 11, 24, tzinfo=UTC))

    def enable(self, host: str) -> None:
        self.facts.enabled.add(host)

    def lower_quota(self, region: str, limit: int) -> None:
        self.facts.quotas[CPUS][region] = limit

    def set_policy(self, constraint: str, rule: PolicyRule) -> None:
        self.facts.policies[constraint] = Policy(rules=(rule,))

    def make_bucket(self, *, regions: tuple[str, ...]) -> Resource:
        made = Resource(kind=NameKind.BUCKET, name=self.unique("bucket"))
        labels = {"application": "vertex-dr"}
        self.names.taken[made.name] = Held(by="project", location="EU", data_locations=regions, labels=labels)
        return made

    def others_bucket(self) -> Resource:
        made = Resource(kind=NameKind.BUCKET, name=self.unique("bucket"))
        self.names.taken[made.name] = Held(by="another")
        return made

    def make_repository(self, *, labels: dict[str, str]) -> Resource:
        made = repository(self.region, self.unique("repository"))
        self.names.taken[made.name] = Held(by="project", location=self.region, labels=labels)
        return made

    def make_account(self, *, description: str) -> Resource:
        made = account(self.unique("account"))
        labels = {"application": "vertex-dr"} if description.startswith("vertex-dr: ") else {}
        self.names.taken[made.name] = Held(by="project", labels=labels)
        return made


class GoogleProject:
    """The local cloud's project, by Google's APIs."""

    def __init__(self, cloud: RunningCloud, unique: Callable[[str], str]) -> None:
        self.region, self.other_region, self.unique = cloud.primary, cloud.dr, unique
        self._cloud, self._cleaning = cloud, list[str]()
        self.clients = Clients(settings_of(Side.PRIMARY))
        self.facts = GoogleProjectFacts(self.clients)
        self.names, self.removals = GoogleNames(self.facts), ScratchRemovals()
        self.scratch = GoogleScratch(self.clients, self.removals)

    def enable(self, host: str) -> None:
        self._send("POST", f"/serviceusage/v1/projects/demo/services/{host}:enable", {})

    def lower_quota(self, region: str, limit: int) -> None:
        parent = f"/serviceusage/v1beta1/projects/demo/services/aiplatform.googleapis.com/{_LIMIT}"
        body = {"overrideValue": str(limit), "dimensions": {"region": region}}
        self._send("POST", f"{parent}/consumerOverrides?force=true", body)

    def set_policy(self, constraint: str, rule: PolicyRule) -> None:
        values = {"allowedValues": list(rule.allowed), "deniedValues": list(rule.denied)}
        name = f"projects/demo/policies/{constraint}"
        rules = [{"enforce": True}] if rule.enforce else [{"values": values}]
        self._send("POST", "/orgpolicy/v2/projects/demo/policies", {"name": name, "spec": {"rules": rules}})
        self._cleaning.append(f"/orgpolicy/v2/{name}")

    def make_bucket(self, *, regions: tuple[str, ...]) -> Resource:
        made = Resource(kind=NameKind.BUCKET, name=self.unique("bucket"))
        placed = {"dataLocations": [one.upper() for one in regions]}
        body = {"name": made.name, "location": "EU", "customPlacementConfig": placed}
        self._send("POST", "/storage/v1/b?project=demo", body | {"labels": {"application": "vertex-dr"}})
        return made

    def others_bucket(self) -> Resource:
        """Return Vertex AI's own bucket, in its tenant project, which the first upload makes."""
        bucket = self.scratch.buckets.make(self.region)
        self.scratch.buckets.write(bucket, "model/file", b"content")
        self.scratch.models.upload(self.region, f"gs://{bucket}/model", {})
        assert self.removals.run() == ()
        return Resource(kind=NameKind.BUCKET, name=f"caip-tenant-{self.region}")

    def make_repository(self, *, labels: dict[str, str]) -> Resource:
        made = repository(self.region, self.unique("repository"))
        parent, _, name = made.name.rpartition("/")
        body = {"format": "DOCKER", "labels": labels}
        self._send("POST", f"/artifactregistry/v1/{parent}?repositoryId={name}", body)
        return made

    def make_account(self, *, description: str) -> Resource:
        short = self.unique("account")
        body = {"accountId": short, "serviceAccount": {"description": description}}
        self._send("POST", "/iam/v1/projects/demo/serviceAccounts", body)
        return account(short)

    def clean(self) -> None:
        """Take away what other tests would see."""
        for path in self._cleaning:
            self._send("DELETE", path)

    def _send(self, method: str, path: str, body: Any = None) -> None:
        answer = self.clients.http.send(method, self._cloud.url(path), tried=path, timeout_seconds=30, json=body)
        assert answer.ok, answer.text


def repository(region: str, name: str) -> Resource:
    return Resource(kind=NameKind.REPOSITORY, name=f"projects/demo/locations/{region}/repositories/{name}")


def account(name: str) -> Resource:
    email = f"{name}@demo.iam.gserviceaccount.com"
    return Resource(kind=NameKind.SERVICE_ACCOUNT, name=f"projects/demo/serviceAccounts/{email}")

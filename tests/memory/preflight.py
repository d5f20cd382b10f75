"""A project as preflight asks it, and scratch resources, in memory; each call can be made to fail by its name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from preflight.records import (
    Billing,
    Enabled,
    Granted,
    Held,
    Limits,
    Locations,
    NameKind,
    Policy,
    Resource,
    Written,
)
from tests.memory.scripted import FaultPlan, faulty
from vertex_dr.kernel.errors import Denied, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from preflight.ports import Removals
    from vertex_dr.kernel.clock import Clock

__all__ = [
    "MemoryFacts",
    "MemoryNames",
    "MemoryPreflightPorts",
    "MemoryScratch",
    "MemoryScratchAccounts",
    "MemoryScratchBuckets",
    "MemoryScratchModels",
    "MemoryScratchRepositories",
]

_REGIONS = ("europe-west1", "europe-west4")


@dataclass
class MemoryFacts:
    """What a project may do and where."""

    enabled: set[str] = field(default_factory=set)
    billed: Billing = field(default_factory=lambda: Billing(is_enabled=True, account="billingAccounts/1"))
    places: dict[str, tuple[str, ...]] = field(default_factory=lambda: {"firestore": ("eur3", *_REGIONS)})
    quotas: dict[str, dict[str, int]] = field(default_factory=dict)
    policies: dict[str, Policy] = field(default_factory=dict)
    held: set[str] | None = None  # None: every permission
    faults: FaultPlan = field(default_factory=FaultPlan)

    @faulty
    def services(self, hosts: Sequence[str]) -> Enabled:
        return Enabled(services={host: host in self.enabled for host in hosts})

    @faulty
    def billing(self) -> Billing:
        return self.billed

    @faulty
    def locations(self, api: str, region: str) -> Locations:
        del region
        return Locations(names=self.places.get(api, _REGIONS))

    @faulty
    def limits(self, host: str) -> Limits:
        return Limits(
            metrics={metric: dict(limits) for metric, limits in self.quotas.items() if metric.startswith(host)}
        )

    @faulty
    def policy(self, constraint: str) -> Policy:
        return self.policies.get(constraint, Policy())

    @faulty
    def permissions(self, wanted: Sequence[str]) -> Granted:
        return Granted(permissions=tuple(one for one in wanted if self.held is None or one in self.held))


@dataclass
class MemoryNames:
    """Who holds which names."""

    taken: dict[str, Held] = field(default_factory=dict)
    faults: FaultPlan = field(default_factory=FaultPlan)

    @faulty
    def held(self, resource: Resource) -> Held:
        return self.taken.get(resource.name, Held(by="nobody"))


@dataclass
class MemoryPreflightPorts:
    """The ports of one project in memory."""

    facts: MemoryFacts = field(default_factory=MemoryFacts)
    names: MemoryNames = field(default_factory=MemoryNames)

    def take_bucket(self, name: str, held: Held) -> Resource:
        self.names.taken[name] = held
        return Resource(kind=NameKind.BUCKET, name=name)


@dataclass
class MemoryScratchBuckets:
    """Buckets as objects by name; grants hold `grants_after_seconds` after they were made."""

    removals: Removals
    clock: Clock
    grants_after_seconds: float = 0.0
    meets_existing: Written = Written.EXISTS
    objects: dict[str, dict[str, bytes]] = field(default_factory=dict)
    granted: dict[str, float] = field(default_factory=dict)
    faults: FaultPlan = field(default_factory=FaultPlan)

    @faulty
    def make(self, region: str) -> str:
        name = f"scratch-{region}-{len(self.objects)}"
        self.removals.add(f"bucket {name}", lambda: self._remove(name))
        self.objects[name] = {}
        return name

    @faulty
    def write(self, bucket: str, name: str, data: bytes, *, token: str | None = None) -> Written:
        if token and not self.may(bucket, "storage.objects.create", token):
            return Written.FORBIDDEN
        if name in self.objects[bucket]:
            if self.meets_existing is Written.CREATED:
                self.objects[bucket][name] = data
            return self.meets_existing if token else Written.EXISTS
        self.objects[bucket][name] = data
        return Written.CREATED

    @faulty
    def names(self, bucket: str, prefix: str) -> tuple[str, ...]:
        return tuple(name for name in sorted(self.objects[bucket]) if name.startswith(prefix))

    @faulty
    def grant(self, bucket: str, role: str, email: str) -> None:
        del role
        self.granted[f"{bucket} {email}"] = self.clock().timestamp() + self.grants_after_seconds

    @faulty
    def may(self, bucket: str, permission: str, token: str) -> bool:
        since = self.granted.get(f"{bucket} {token.removeprefix('token of ')}")
        return permission == "storage.objects.create" and since is not None and self.clock().timestamp() >= since

    def _remove(self, name: str) -> None:
        self.faults.before("remove")
        if self.objects.pop(name, None) is None:
            raise NotFound(f"remove {name}", found="there is none", then="nothing")


@dataclass
class MemoryScratchAccounts:
    """Accounts whose tokens are refused for `denials` times."""

    removals: Removals
    denials: int = 0
    accounts: set[str] = field(default_factory=set)
    faults: FaultPlan = field(default_factory=FaultPlan)

    @faulty
    def make(self) -> str:
        email = f"scratch-{len(self.accounts)}@demo.iam.gserviceaccount.com"
        self.removals.add(f"service account {email}", lambda: self.accounts.discard(email))
        self.accounts.add(email)
        return email

    @faulty
    def token(self, email: str) -> str:
        if email not in self.accounts:
            raise NotFound(f"get a token of {email}", found="there is no such account", then="make it")
        if self.denials:
            self.denials -= 1
            raise Denied(f"get a token of {email}", found="403", then="wait")
        return f"token of {email}"


@dataclass
class MemoryScratchModels:
    """Models by name@version, with the labels that their uploads carried; endpoints with what is deployed."""

    removals: Removals
    buckets: MemoryScratchBuckets
    merges_labels: bool = True
    destroys_serving: bool = False
    versions: dict[str, dict[str, str]] = field(default_factory=dict)
    artifacts: dict[str, str] = field(default_factory=dict)
    endpoints: dict[str, list[str]] = field(default_factory=dict)
    faults: FaultPlan = field(default_factory=FaultPlan)

    @faulty
    def upload(self, region: str, artifact: str, labels: dict[str, str], *, parent: str | None = None) -> str:
        name = parent or f"projects/demo/locations/{region}/models/scratch-{len(self.versions)}"
        if parent is None:
            self.removals.add(f"model {name}", lambda: self._remove(name))
        number = sum(known.startswith(f"{name}@") for known in self.versions) + 1
        self.versions[f"{name}@{number}"] = dict(labels)
        self.artifacts[f"{name}@{number}"] = artifact
        return f"{name}@{number}"

    @faulty
    def labels(self, name: str) -> dict[str, str]:
        model, _, number = name.partition("@")
        if not (number or f"{model}@1" in self.versions):
            raise NotFound(f"read {name}", found="there is none", then="upload it")
        own = self.versions[f"{model}@{number or 1}"]
        return {**self.versions[f"{model}@1"], **own} if self.merges_labels else dict(own)

    @faulty
    def export(self, name: str, uri: str) -> str:
        told = f"{uri}/model-1/custom-trained/2026-11-24"
        source, target = (one.removeprefix("gs://").partition("/") for one in (self.artifacts[name], told))
        for key, content in list(self.buckets.objects[source[0]].items()):
            if key.startswith(f"{source[2]}/"):
                self.buckets.objects[target[0]][key.replace(source[2], target[2], 1)] = content
        return told

    @faulty
    def make_endpoint(self, region: str) -> str:
        name = f"projects/demo/locations/{region}/endpoints/{len(self.endpoints) + 1}"
        self.removals.add(f"endpoint {name}", lambda: self._remove_endpoint(name))
        self.endpoints[name] = []
        return name

    @faulty
    def deploy(self, endpoint: str, name: str) -> None:
        self.endpoints[endpoint].append(name)

    @faulty
    def destroy(self, endpoint: str) -> bool:
        if self.endpoints[endpoint] and not self.destroys_serving:
            return False
        del self.endpoints[endpoint]
        return True

    def _remove(self, name: str) -> None:
        for known in [one for one in self.versions if one.startswith(f"{name}@")]:
            del self.versions[known]

    def _remove_endpoint(self, name: str) -> None:
        if self.endpoints.pop(name, None) is None:
            raise NotFound(f"remove {name}", found="there is none", then="nothing")


@dataclass
class MemoryScratchRepositories:
    """Repositories by region and id; a version is named by what version_of says of region and content."""

    removals: Removals
    version_of: Callable[[str, bytes], str] = lambda _region, content: f"sha256:{len(content)}"
    statuses: tuple[int, int] = (201, 201)  # in two requests, at once
    repositories: dict[str, str] = field(default_factory=dict)
    faults: FaultPlan = field(default_factory=FaultPlan)

    @faulty
    def make(self, region: str, form: str) -> str:
        name = f"scratch-{len(self.repositories)}"
        self.removals.add(f"repository {region}/{name}", lambda: self._remove(f"{region}/{name}"))
        self.repositories[f"{region}/{name}"] = form
        return name

    @faulty
    def push_blob(self, region: str, repository: str, data: bytes, *, at_once: bool) -> int:
        del data
        if self.repositories.get(f"{region}/{repository}") != "DOCKER":
            raise NotFound(f"push to {repository}", found="there is no image repository of that name", then="make it")
        return self.statuses[at_once]

    @faulty
    def publish(self, region: str, repository: str, content: bytes) -> str:
        if self.repositories.get(f"{region}/{repository}") != "KFP":
            raise NotFound(f"publish in {repository}", found="there is no pipeline repository of that name", then="")
        return self.version_of(region, content)

    def _remove(self, key: str) -> None:
        self.repositories.pop(key, None)


class MemoryScratch:
    """All four kinds, with one memory of what is to be removed."""

    def __init__(self, removals: Removals, clock: Clock) -> None:
        self.buckets = MemoryScratchBuckets(removals, clock)
        self.accounts = MemoryScratchAccounts(removals)
        self.models = MemoryScratchModels(removals, self.buckets)
        self.repositories = MemoryScratchRepositories(removals)

    @property
    def is_empty(self) -> bool:
        kept = (self.buckets.objects, self.accounts.accounts, self.models.versions, self.models.endpoints)
        return not any(kept) and not self.repositories.repositories

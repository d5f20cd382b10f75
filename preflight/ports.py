"""What preflight asks of a project; an answer is a fact, and what cannot be asked is raised as the kernel's error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from preflight.records import Billing, Enabled, Granted, Held, Limits, Locations, Policy, Resource, Written

__all__ = [
    "Names",
    "Ports",
    "ProjectFacts",
    "Removals",
    "Scratch",
    "ScratchAccounts",
    "ScratchBuckets",
    "ScratchModels",
    "ScratchRepositories",
]


class ProjectFacts(Protocol):
    """What a project may do and where. Each call only reads, and may be repeated; each raises Denied or Unreachable."""

    def services(self, hosts: Sequence[str]) -> Enabled:
        """Return which of these APIs (such as `run.googleapis.com`) are enabled."""

    def billing(self) -> Billing:
        """Return whether the project is billed, and to which account."""

    def locations(self, api: str, region: str) -> Locations:
        """Return where the API serves the project; a regional API is asked at the region's own host."""

    def limits(self, host: str) -> Limits:
        """Return the effective limits by region of every metric that the API lists."""

    def policy(self, constraint: str) -> Policy:
        """Return the organisation policy of the constraint (`gcp.resourceLocations`) that is in force here."""

    def permissions(self, wanted: Sequence[str]) -> Granted:
        """Return which of these permissions the caller holds on the project."""


class Names(Protocol):
    """Who holds the names that will be needed."""

    def held(self, resource: Resource) -> Held:
        """Return who holds the name. Reads only; raises Denied, other than for a bucket's, and Unreachable."""


class Ports(Protocol):
    """Everything that preflight needs of the world."""

    @property
    def facts(self) -> ProjectFacts:
        """The project."""

    @property
    def names(self) -> Names:
        """The names."""


class Removals(Protocol):
    """Remembers how to remove each scratch resource, from before it is made."""

    def add(self, name: str, remove: Callable[[], None], /) -> None:
        """Remember it; remove is called once, and what does not exist any more counts as removed."""


class ScratchBuckets(Protocol):
    """Scratch buckets of the project. Whatever is made is remembered for removal first."""

    def make(self, region: str) -> str:
        """Make an empty bucket in the region, and return its name."""

    def write(self, bucket: str, name: str, data: bytes, *, token: str | None = None) -> Written:
        """Create the object if there is none of that name (ifGenerationMatch=0), as whom the token is of."""

    def names(self, bucket: str, prefix: str) -> tuple[str, ...]:
        """Return the names of the objects below the prefix."""

    def grant(self, bucket: str, role: str, email: str) -> None:
        """Let the account hold the role on the bucket, for some time not yet everywhere."""

    def may(self, bucket: str, permission: str, token: str) -> bool:
        """Whether whom the token is of holds the permission on the bucket by now."""


class ScratchAccounts(Protocol):
    """Scratch service accounts of the project."""

    def make(self) -> str:
        """Make an account which the caller may act as, for some time not yet everywhere; return its e-mail address."""

    def token(self, email: str) -> str:
        """Return an access token of the account. Raises Denied until the caller's grant holds."""


class ScratchModels(Protocol):
    """Scratch models and endpoints of a region's Vertex AI."""

    def upload(self, region: str, artifact: str, labels: dict[str, str], *, parent: str | None = None) -> str:
        """Register the artifact as a model, or as parent's next version; return `NAME@VERSION` once it is there."""

    def labels(self, name: str) -> dict[str, str]:
        """Return the labels of the model, or of the version where the name ends in @VERSION."""

    def export(self, name: str, uri: str) -> str:
        """Export the version as `custom-trained` below the URI, and return where the operation says that it lies."""

    def make_endpoint(self, region: str) -> str:
        """Make an endpoint, and return its name."""

    def deploy(self, endpoint: str, name: str) -> None:
        """Return when the version serves at the endpoint; at Google that takes some minutes."""

    def destroy(self, endpoint: str) -> bool:
        """Delete the endpoint as Terraform does; return False when Google refuses that in its present state."""


class ScratchRepositories(Protocol):
    """Scratch repositories of Artifact Registry."""

    def make(self, region: str, form: str) -> str:
        """Make a repository of the format (DOCKER, KFP), and return its id."""

    def push_blob(self, region: str, repository: str, data: bytes, *, at_once: bool) -> int:
        """Upload a blob with a bearer token, in one POST or in a POST and one PUT; return the last HTTP status."""

    def publish(self, region: str, repository: str, content: bytes) -> str:
        """Upload the compiled pipeline, and return the version that the repository names it."""


class Scratch(Protocol):
    """Where scratch resources are made."""

    @property
    def buckets(self) -> ScratchBuckets:
        """Cloud Storage."""

    @property
    def accounts(self) -> ScratchAccounts:
        """IAM."""

    @property
    def models(self) -> ScratchModels:
        """Vertex AI."""

    @property
    def repositories(self) -> ScratchRepositories:
        """Artifact Registry."""

"""What is declared, what the project answered, and what that means for a first apply."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from vertex_dr.kernel.records import Record
from vertex_dr.kernel.sides import Side
from vertex_dr.kernel.verdict import Verdict, worst

__all__ = [
    "Billing",
    "Bucket",
    "Declaration",
    "Discovered",
    "Discovery",
    "Enabled",
    "Granted",
    "Held",
    "Limits",
    "Locations",
    "Machine",
    "NameKind",
    "Observations",
    "Policy",
    "PolicyRule",
    "PreflightFinding",
    "PreflightReport",
    "Resource",
    "Unasked",
    "Written",
]


class Machine(Record, frozen=True, kw_only=True):
    """What one model of one side is deployed on."""

    side: Side
    model: str
    machine_type: str
    min_replicas: int
    max_replicas: int


class Bucket(Record, frozen=True, kw_only=True):
    """A bucket that set-up or Terraform makes; data_locations are the two regions of a dual-region one."""

    name: str
    location: str
    data_locations: tuple[str, ...] = ()


class NameKind(StrEnum):
    """What a name is the name of."""

    BUCKET = "bucket"
    DATABASE = "database"
    ENDPOINT = "endpoint"
    FUNCTION = "function"
    REPOSITORY = "repository"
    SECRET = "secret"  # noqa: S105 - a kind of resource
    SERVICE_ACCOUNT = "service-account"
    TOPIC = "topic"


class Resource(Record, frozen=True, kw_only=True):
    """A resource that will be made: its kind, and its name as its API writes it (a bucket's alone)."""

    kind: NameKind
    name: str


class Declaration(Record, frozen=True, kw_only=True):
    """What the three tfvars declare; disagreements name what they say differently."""

    project: str
    service: str
    regions: dict[Side, str]
    bucket_multi_region: str
    database_location: str
    machines: tuple[Machine, ...]
    worker_pools: dict[Side, str]
    buckets: tuple[Bucket, ...]
    resources: tuple[Resource, ...]
    settings: dict[str, str]
    state_project: str | None = None  # where the buckets of Terraform's state are, if that is another one
    disagreements: tuple[str, ...] = ()


class Unasked(Record, frozen=True, kw_only=True, tag="unasked"):
    """What could not be asked, and what to do so that it can."""

    found: str
    then: str


class Enabled(Record, frozen=True, kw_only=True, tag="enabled"):
    """Which of the APIs asked about are enabled, by host."""

    services: dict[str, bool]


class Billing(Record, frozen=True, kw_only=True, tag="billing"):
    """Whether the project can be billed."""

    is_enabled: bool
    account: str


class Locations(Record, frozen=True, kw_only=True, tag="locations"):
    """Where an API says that it serves this project."""

    names: tuple[str, ...]


class Limits(Record, frozen=True, kw_only=True, tag="limits"):
    """Effective limits of the metrics that an API lists, by region; "" is the default, -1 is no limit."""

    metrics: dict[str, dict[str, int]]


class PolicyRule(Record, frozen=True, kw_only=True):
    """One rule of an effective organisation policy, as the API has it."""

    allow_all: bool = False
    deny_all: bool = False
    enforce: bool = False
    allowed: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()


class Policy(Record, frozen=True, kw_only=True, tag="policy"):
    """The policy of a constraint that is in force; no rule at all is the constraint's default."""

    rules: tuple[PolicyRule, ...] = ()


class Granted(Record, frozen=True, kw_only=True, tag="granted"):
    """The permissions that the caller holds of those asked about."""

    permissions: tuple[str, ...]


class Held(Record, frozen=True, kw_only=True, tag="held"):
    """Who holds a name: nobody, this project, or somebody else; locations and labels of what is this project's."""

    by: str  # "nobody", "project" or "another"
    location: str = ""
    data_locations: tuple[str, ...] = ()
    labels: dict[str, str] = msgspec.field(default_factory=dict)
    has_labels: bool = True


class Observations(Record, frozen=True, kw_only=True):
    """Everything that the project answered, or why it did not; locations by API and region asked."""

    services: Enabled | Unasked
    billing: Billing | Unasked
    locations: dict[str, Locations | Unasked]
    quotas: Limits | Unasked
    policies: dict[str, Policy | Unasked]
    permissions: Granted | Unasked
    names: dict[str, Held | Unasked]


class PreflightFinding(Record, frozen=True, kw_only=True):
    """One row of the table: what was checked, what a first apply needs, what there is, and how to mend it."""

    check: str
    subject: str
    verdict: Verdict
    expected: str
    found: str
    remedy: str = ""


class Written(StrEnum):
    """How a create-only write ended."""

    CREATED = "created"
    EXISTS = "412"
    FORBIDDEN = "403"


class Discovery(Record, frozen=True, kw_only=True):
    """What scratch resources showed of something that Google does not document."""

    question: str
    verdict: Verdict
    answer: str
    seconds: float
    remedy: str = ""


class Discovered(Record, frozen=True, kw_only=True):
    """What the scratch resources showed, and those of them that could not be removed."""

    discoveries: tuple[Discovery, ...]
    left: tuple[str, ...] = ()


class PreflightReport(Record, frozen=True, kw_only=True):
    """What preflight says of a project; left are scratch resources that could not be removed."""

    schema: int = 1
    verdict: Verdict
    at: datetime
    project: str
    regions: dict[Side, str]
    findings: tuple[PreflightFinding, ...]
    discoveries: tuple[Discovery, ...] = ()
    left: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        declaration: Declaration,
        findings: tuple[PreflightFinding, ...],
        discovered: Discovered | None,
        *,
        at: datetime,
    ) -> PreflightReport:
        """Return the report; its verdict is the worst of all, and a scratch resource that was left is a FAIL."""
        discoveries, left = (discovered.discoveries, discovered.left) if discovered else ((), ())
        verdicts = [*(one.verdict for one in findings), *(one.verdict for one in discoveries)]
        return cls(
            verdict=worst([*verdicts, *([Verdict.FAIL] if left else [])]),
            at=at,
            project=declaration.project,
            regions=declaration.regions,
            findings=findings,
            discoveries=discoveries,
            left=left,
        )

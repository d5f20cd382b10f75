"""What a drill measured: the report and its parts. `docs/report.schema.json` describes the same in JSON Schema."""

from __future__ import annotations

from preflight.records import PreflightReport
from vertex_dr.kernel.assets import AssetKind
from vertex_dr.kernel.records import Record
from vertex_dr.kernel.sides import Side
from vertex_dr.kernel.verdict import Verdict
from vertex_dr.traffic.records import Selector

__all__ = [
    "Accuracy",
    "Finding",
    "LostAsset",
    "Objective",
    "Predictions",
    "Report",
    "Rpo",
    "Rto",
    "SideLatency",
    "Span",
    "Terraform",
    "TerraformResult",
    "Windows",
]


class Finding(Record, frozen=True, kw_only=True):
    """One thing that was checked; fault names the sabotage that this check would catch."""

    check: str
    verdict: Verdict
    expected: str
    found: str
    phase: str
    fault: str | None = None


class Objective(Record, frozen=True, kw_only=True):
    """One promise against what was measured; unit belongs to both numbers."""

    name: str
    objective: float
    measured: float | None
    unit: str
    verdict: Verdict


class Rto(Record, frozen=True, kw_only=True):
    """Seconds from the outage to the first golden prediction by a first try on the other side, and where they went."""

    total: float | None
    detect: float | None
    decide: float | None
    act: float | None
    verify: float | None
    if_probed_once_a_minute: float | None = None


class LostAsset(Record, frozen=True, kw_only=True):
    """An asset that the surviving side lacked at the outage; its age is the work that was lost with it."""

    asset: str
    age_seconds: float
    found_again: bool | None = None


class Rpo(Record, frozen=True, kw_only=True):
    """What a kind of asset lost at the outage; seconds is the age of the oldest lost asset, 0 when none was lost."""

    seconds: float
    objective: float
    verdict: Verdict
    lost: tuple[LostAsset, ...] = ()


class Windows(Record, frozen=True, kw_only=True):
    """A figure before the outage, from the outage to recovery, and after recovery; None where nothing was sampled."""

    before: float | None
    during: float | None
    after: float | None


class Predictions(Record, frozen=True, kw_only=True):
    """What the clients saw, and the share of first tries that reached the surviving side after the flip."""

    clients: int
    total: int
    failed: int
    wrong: int
    first_try_share: float | None
    p50_ms: Windows
    p99_ms: Windows


class Accuracy(Record, frozen=True, kw_only=True):
    """Accuracy of a side's endpoint on held-out data beside the one that training measured."""

    measured: float | None
    trained: float | None
    verdict: Verdict


class SideLatency(Record, frozen=True, kw_only=True):
    """Milliseconds that clients waited for predictions of a side."""

    p50_ms: float | None
    p99_ms: float | None
    objective_p99_ms: float
    verdict: Verdict


class Span(Record, frozen=True, kw_only=True):
    """Something that took time, in epoch seconds; kind is phase, step, outage or moment."""

    name: str
    kind: str
    started_at: float
    ended_at: float


class TerraformResult(Record, frozen=True, kw_only=True):
    """One Terraform command on one environment."""

    environment: str
    command: str
    seconds: float
    added: int
    changed: int
    removed: int
    verdict: Verdict


class Terraform(Record, frozen=True, kw_only=True):
    """Which Terraform ran, which provider served, and what each command did."""

    version: str
    provider: str
    provider_version: str
    stand_in: bool
    results: tuple[TerraformResult, ...] = ()


class Report(Record, frozen=True, kw_only=True):
    """The drill's evidence; flips are the selectors as each accepted flip left them.

    preflight is what `vertex-dr preflight --probe` last found out, of whichever project; the verdict does not count it.
    """

    schema: int = 2
    verdict: Verdict
    started_at: str
    seconds: float
    sabotage: str | None
    findings: tuple[Finding, ...]
    objectives: tuple[Objective, ...]
    rto_seconds: Rto
    rpo_seconds: dict[AssetKind, Rpo]
    predictions: Predictions
    accuracy: dict[Side, Accuracy]
    latency: dict[Side, SideLatency]
    timeline: tuple[Span, ...]
    flips: tuple[Selector, ...]
    terraform: Terraform
    environment: dict[str, str]
    figures: dict[str, float]
    preflight: PreflightReport | None = None

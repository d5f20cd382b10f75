"""Everything that a drill saw, in the order it saw it; the report is made from it alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vertex_dr.kernel.verdict import Verdict

if TYPE_CHECKING:
    from drill.evidence.records import Accuracy, Finding, TerraformResult
    from drill.evidence.samples import Arrival, Sample
    from vertex_dr.kernel.assets import AssetKind
    from vertex_dr.kernel.sides import Side
    from vertex_dr.traffic.records import Change

__all__ = ["Logbook"]


@dataclass(slots=True)
class Logbook:
    """What was seen so far; times are epoch seconds."""

    findings: list[Finding] = field(default_factory=list)
    terraform: list[TerraformResult] = field(default_factory=list)
    figures: dict[str, float] = field(default_factory=dict)
    accuracy: dict[Side, Accuracy] = field(default_factory=dict)
    flips: list[Change] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    arrivals: list[Arrival] = field(default_factory=list)
    outage_at: float | None = None
    healed_at: float | None = None
    detected_at: float | None = None
    decided_at: float | None = None
    flipped_at: float | None = None
    recovered_at: float | None = None
    # Identity → registration time on the side that went dark, and identities on the one that survived.
    held: dict[AssetKind, dict[str, float]] = field(default_factory=dict)
    survived: dict[AssetKind, set[str]] = field(default_factory=dict)
    found_again: dict[AssetKind, set[str]] = field(default_factory=dict)

    @property
    def has_failed(self) -> bool:
        """Return whether something was found that is not PASS."""
        return any(finding.verdict is not Verdict.PASS for finding in self.findings)

"""Replication's proof as traffic's readiness: wrong is FAIL, behind is lag."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vertex_dr.kernel.verdict import Verdict, worst
from vertex_dr.traffic.records import Readiness

if TYPE_CHECKING:
    from vertex_dr.adapters.google.firestore.readiness import ReadinessInFirestore
    from vertex_dr.kernel.sides import Side
    from vertex_dr.replication.journal import Proof

__all__ = ["ReadinessProofs", "readiness_of"]

# What decides whether the side would serve, and serve right. The other checks say how far behind it is.
_SERVES = frozenset({"artifact-intact", "deployment-matches", "manifest-readable", "source-observed"})


@dataclass(frozen=True, slots=True)
class ReadinessProofs:
    """Implements replication's ReadinessLog."""

    side: Side
    log: ReadinessInFirestore

    def record(self, proof: Proof) -> None:
        """Keep the proof as the side's newest readiness."""
        self.log.record(readiness_of(self.side, proof))


def readiness_of(side: Side, proof: Proof) -> Readiness:
    """Return the readiness that the proof amounts to, with a sentence for each finding that is not PASS."""
    return Readiness(
        side=side,
        verdict=worst(f.verdict for f in proof.findings if f.check in _SERVES),
        findings=tuple(
            f"{f.check} {f.verdict.value}: {f.subject}: {f.found}"
            for f in proof.findings
            if f.verdict is not Verdict.PASS
        ),
        observed_at=proof.observed_at,
        lag_seconds=proof.lag_seconds,
    )

"""Where one capability's port is answered with another's result; no capability imports another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vertex_dr.kernel.sides import Side

if TYPE_CHECKING:
    from collections.abc import Callable

    from vertex_dr.replication.journal import Proof
    from vertex_dr.replication.observe import Observer
    from vertex_dr.traffic.ports import ReadinessLog, SelectorStore
    from vertex_dr.traffic.records import Readiness

__all__ = ["DrAhead", "ProofRecorder", "SelectorFence", "readiness_of"]

# ruff: noqa: PLC0415 - each bridge loads the capability that it asks when it is asked


@dataclass(frozen=True, slots=True)
class SelectorFence:
    """Answers replication's Fence with traffic's selector, read anew at each call."""

    selector: Callable[[], SelectorStore]

    def epoch(self) -> int:
        """Return the selector's epoch as it is now."""
        return self.selector().read().epoch

    def active(self) -> Side:
        """Return the active side as it is now."""
        return self.selector().read().active


@dataclass(frozen=True, slots=True)
class ProofRecorder:
    """Answers replication's ProofLog with traffic's ReadinessLog: a proof is kept as the readiness it amounts to."""

    side: Side
    log: ReadinessLog

    def record(self, proof: Proof) -> None:
        """Keep the proof as the side's newest readiness. Repeating is safe."""
        self.log.record(readiness_of(self.side, proof))


def readiness_of(side: Side, proof: Proof) -> Readiness:
    """Return the proof in traffic's words: fit or not, why not, and how far behind."""
    from vertex_dr.replication.readiness.fitness import fitness, shortcomings
    from vertex_dr.traffic.records import Readiness

    return Readiness(
        side=side,
        verdict=fitness(proof),
        findings=shortcomings(proof),
        observed_at=proof.observed_at,
        lag_seconds=proof.lag_seconds,
    )


@dataclass(frozen=True, slots=True)
class DrAhead:
    """Answers traffic's Ahead with replication's drift from dr to primary, both observed when it is called."""

    observer: Callable[[Side], Observer]
    active: Callable[[], Side]

    def __call__(self) -> tuple[str, ...]:
        """Return one line for each asset that dr has and primary lacks."""
        from vertex_dr.replication.compare import compare, lacking

        source, target = (self.observer(side).observe() for side in (Side.DR, Side.PRIMARY))
        return lacking(compare(source, target, aliases_follow=self.active()))

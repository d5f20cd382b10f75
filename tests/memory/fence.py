"""What replication sees of traffic, in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.memory.faulty import faulty
from tests.memory.scripted import FaultPlan
from vertex_dr.kernel.sides import Side

if TYPE_CHECKING:
    from vertex_dr.replication.journal import Proof


@dataclass(slots=True)
class MemoryFence:
    """Implements Fence and ActiveSide; `flip_at` flips when the epoch is read for the nth time."""

    side: Side = Side.PRIMARY
    number: int = 1
    flip_at: int = 0
    reads: int = 0
    faults: FaultPlan = field(default_factory=FaultPlan)

    @faulty
    def epoch(self) -> int:
        self.reads += 1
        if self.reads == self.flip_at:
            self.flip()
        return self.number

    @faulty
    def active(self) -> Side:
        return self.side

    def flip(self) -> None:
        self.side, self.number = self.side.other, self.number + 1


@dataclass(slots=True)
class MemoryReadiness:
    """Implements ReadinessLog."""

    proofs: list[Proof] = field(default_factory=list)

    def record(self, proof: Proof) -> None:
        self.proofs.append(proof)

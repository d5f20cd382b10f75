"""Journals in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.memory.scripted import FaultPlan, faulty

if TYPE_CHECKING:
    from vertex_dr.kernel.records import Record


@dataclass
class MemoryJournals:
    """Implements JournalLog."""

    faults: FaultPlan = field(default_factory=FaultPlan)
    kept: list[tuple[str, Record]] = field(default_factory=list)

    @faulty
    def keep(self, entry_point: str, record: Record) -> str:
        self.kept.append((entry_point, record))
        return f"gs://staging/journals/{entry_point}/{len(self.kept)}.json"

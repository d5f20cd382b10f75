"""Journals in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.memory.scripted import FaultPlan, faulty
from vertex_dr.kernel.journal import note_name

if TYPE_CHECKING:
    from vertex_dr.kernel.records import Record


@dataclass
class MemoryJournals:
    """Implements JournalLog."""

    faults: FaultPlan = field(default_factory=FaultPlan)
    kept: list[tuple[str, Record]] = field(default_factory=list)
    noted: dict[str, Record] = field(default_factory=dict)

    def begin(self, entry_point: str) -> str:
        return f"journals/{entry_point}/run"

    @faulty
    def note(self, run: str, number: int, record: Record) -> None:
        self.noted[note_name(run, number)] = record

    @faulty
    def keep(self, entry_point: str, record: Record) -> str:
        self.kept.append((entry_point, record))
        return f"gs://staging/journals/{entry_point}/{len(self.kept)}.json"

"""What is known now, in one record; whatever cannot be read is a problem in it, never an error."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from vertex_dr.kernel.errors import VertexDrError
from vertex_dr.kernel.records import Record
from vertex_dr.kernel.sides import Side
from vertex_dr.traffic.probes import ProbeTrail
from vertex_dr.traffic.records import CopyState, Readiness, Selector

if TYPE_CHECKING:
    from collections.abc import Callable

    from vertex_dr.kernel.clock import Clock
    from vertex_dr.traffic.ports import Copies, ProbeLog, ReadinessLog, SelectorReader

__all__ = ["Status", "StatusReport"]

T = TypeVar("T")


class StatusReport(Record, frozen=True, kw_only=True):
    """Selector, copies, probes and readiness at one instant."""

    schema: int = 1
    service: str
    observed_at: datetime
    selector: Selector | None
    copies: tuple[CopyState, ...]
    probes: tuple[ProbeTrail, ...]
    readiness: tuple[Readiness, ...]
    lag_seconds: dict[str, float | None]
    problems: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Status:
    """Reads everything that an operator asks for first."""

    service: str
    selector: SelectorReader
    copies: Copies
    probes: ProbeLog
    readiness: ReadinessLog
    clock: Clock

    def run(self) -> StatusReport:
        """Return what can be read now, and a problem for each thing that cannot; nothing is written."""
        problems: list[str] = []
        selector = _or_problem(self.selector.read, problems)
        copies = self.copies.states()
        problems += [f"{copy.place}: {copy.problem}" for copy in copies if copy.problem]
        known = [_or_problem(partial(self.readiness.readiness, side), problems) for side in Side]
        readiness = tuple(one for one in known if one is not None)
        return StatusReport(
            service=self.service,
            observed_at=self.clock(),
            selector=selector,
            copies=copies,
            probes=_or_problem(self.probes.trails, problems) or (),
            readiness=readiness,
            lag_seconds={one.side.value: one.lag_seconds for one in readiness},
            problems=tuple(dict.fromkeys(problems)),
        )


def _or_problem(read: Callable[[], T], problems: list[str]) -> T | None:
    try:
        return read()
    except VertexDrError as exc:
        problems.append(str(exc))
        return None

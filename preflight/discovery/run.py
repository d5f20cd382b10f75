"""Asks every question, and removes every scratch resource, whatever happened."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from preflight.discovery.questions import Questions
from preflight.records import Discovered, Discovery
from vertex_dr.kernel.clock import now
from vertex_dr.kernel.errors import VertexDrError
from vertex_dr.kernel.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from preflight.discovery.answers import Answer
    from preflight.discovery.removals import ScratchRemovals
    from preflight.ports import Scratch
    from vertex_dr.kernel.clock import Clock, Sleep
    from vertex_dr.kernel.sides import Side

__all__ = ["discover"]


def discover(
    scratch: Scratch,
    removals: ScratchRemovals,
    regions: Mapping[Side, str],
    *,
    clock: Clock = now,
    sleep: Sleep = time.sleep,
) -> Discovered:
    """Return what was found out; what could not be is INCONCLUSIVE with its reason. Nothing is left, or it is named."""
    questions = Questions(scratch=scratch, regions=regions, clock=clock, sleep=sleep)
    try:
        discoveries = tuple(_discovery(question, ask, clock) for question, ask in questions.all().items())
    finally:
        left = removals.run()
    return Discovered(discoveries=discoveries, left=left)


def _discovery(question: str, ask: Callable[[], Answer], clock: Clock) -> Discovery:
    started = clock()
    try:
        verdict, text, remedy = ask()
    except VertexDrError as error:
        verdict, text, remedy = Verdict.INCONCLUSIVE, f"cannot {error.tried}: {error.found}", error.then
    seconds = round((clock() - started).total_seconds(), 1)
    return Discovery(question=question, verdict=verdict, answer=text, seconds=seconds, remedy=remedy)

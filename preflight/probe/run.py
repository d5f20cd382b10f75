"""Asks every question, and removes every scratch resource, whatever happened."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from preflight.probe.questions import Questions
from preflight.records import Discovery, Probed
from vertex_dr.kernel.clock import now
from vertex_dr.kernel.errors import VertexDrError
from vertex_dr.kernel.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from preflight.ports import Scratch
    from preflight.probe.answers import Answer
    from preflight.probe.removals import ScratchRemovals
    from vertex_dr.kernel.clock import Clock, Sleep
    from vertex_dr.kernel.sides import Side

__all__ = ["probe"]


def probe(
    scratch: Scratch,
    removals: ScratchRemovals,
    regions: Mapping[Side, str],
    *,
    clock: Clock = now,
    sleep: Sleep = time.sleep,
) -> Probed:
    """Return what was found out; what could not be is INCONCLUSIVE with its reason. Nothing is left, or it is named."""
    questions = Questions(scratch=scratch, regions=regions, clock=clock, sleep=sleep)
    try:
        discoveries = tuple(_discovery(question, ask, clock) for question, ask in questions.all().items())
    finally:
        left = removals.run()
    return Probed(discoveries=discoveries, left=left)


def _discovery(question: str, ask: Callable[[], Answer], clock: Clock) -> Discovery:
    started = clock()
    try:
        verdict, text, remedy = ask()
    except VertexDrError as error:
        verdict, text, remedy = Verdict.INCONCLUSIVE, f"cannot {error.tried}: {error.found}", error.then
    seconds = round((clock() - started).total_seconds(), 1)
    return Discovery(question=question, verdict=verdict, answer=text, seconds=seconds, remedy=remedy)

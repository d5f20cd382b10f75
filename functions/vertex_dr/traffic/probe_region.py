"""Probe both sides for a minute: Scheduler starts this each minute, and a minute is too long to notice an outage."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vertex_dr.kernel.errors import Refused, VertexDrError
from vertex_dr.kernel.events import emit
from vertex_dr.kernel.records import Record
from vertex_dr.kernel.sides import Side
from vertex_dr.traffic.check import check
from vertex_dr.traffic.probes import ProbeTrail, follow, turned

if TYPE_CHECKING:
    from collections.abc import Callable

    from vertex_dr.kernel.settings import PolicySettings
    from vertex_dr.traffic.ports import Clock, CopyWriter, GoldenSource, HandOver, Predictions, ProbeLog, Sleep
    from vertex_dr.traffic.records import Golden, Selector

__all__ = ["ProbeRegion", "ProbeWindow"]

# A probe ends before the next one is due, so that a region that hangs is counted as soon as one that refuses.
TIMEOUT_SHARE = 0.6


class ProbeWindow(Record, frozen=True, kw_only=True):
    """What one run of the prober did."""

    schema: int = 1
    service: str
    prober: Side
    rounds: int
    hand_overs: int
    trails: tuple[ProbeTrail, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ProbeRegion:
    """Probes both sides from one side, and hands failures and recoveries to assess_regions as they happen."""

    service: str
    prober: Side
    policy: PolicySettings
    selector: Callable[[], Selector]
    log: ProbeLog
    golden: GoldenSource
    predictions: Predictions
    hand_over: HandOver
    copies: Callable[[], CopyWriter]
    clock: Clock
    sleep: Sleep

    def __call__(self, seconds: float | None = None) -> ProbeWindow:
        """Probe each interval until the window is over, then rewrite missing copies of the selector; repeatable.

        Raises NotFound or Unreachable when there is nothing to probe with: no golden values, no selector.
        """
        selector = self.selector()
        golden = self.golden.golden()
        trails = {t.last.target: t for t in self.log.trails() if t.last.prober is self.prober}
        began, window = self.clock(), self.policy.probe_window_seconds if seconds is None else seconds
        rounds = hand_overs = 0
        problems: list[str] = []
        while True:
            before, trails = trails, self._round(selector, golden, trails)
            rounds += 1
            hand_overs += self._follow_up(before, trails, problems)
            spent = (self.clock() - began).total_seconds()
            due = (int(spent // self.policy.probe_interval_seconds) + 1) * self.policy.probe_interval_seconds
            if due > window:
                break
            self.sleep(due - spent)
        states = self.copies().write_missing(self.selector())
        problems += [f"{state.place}: {state.problem}" for state in states if state.problem]
        return ProbeWindow(
            service=self.service,
            prober=self.prober,
            rounds=rounds,
            hand_overs=hand_overs,
            trails=tuple(trails.values()),
            problems=tuple(problems),
        )

    def _round(self, selector: Selector, golden: Golden, trails: dict[Side, ProbeTrail]) -> dict[Side, ProbeTrail]:
        def one(target: Side) -> ProbeTrail:
            probe = check(
                self.predictions,
                selector.sides[target],
                golden,
                prober=self.prober,
                target=target,
                clock=self.clock,
                timeout_seconds=self.policy.probe_interval_seconds * TIMEOUT_SHARE,
            )
            return follow(trails.get(target), probe, service=self.service, policy=self.policy)

        with ThreadPoolExecutor(max_workers=len(Side)) as threads:
            return dict(zip(Side, threads.map(one, Side), strict=True))

    def _follow_up(self, before: dict[Side, ProbeTrail], after: dict[Side, ProbeTrail], problems: list[str]) -> int:
        """Store the trails and hand over what is worth a decision; a problem is kept and the next round tries again."""
        try:
            self.log.record(tuple(after.values()))
            if not any(turned(before.get(side), after[side]) for side in Side):
                return 0
            answer = self.hand_over(None)
        except Refused as exc:
            answer = {"refused": str(exc)}
        except VertexDrError as exc:
            problems.append(str(exc))
            emit("traffic.probe.unheard", severity="ERROR", service=self.service, prober=self.prober, error=str(exc))
            return 0
        emit("traffic.probe.handed_over", service=self.service, prober=self.prober, answer=answer)
        return 1

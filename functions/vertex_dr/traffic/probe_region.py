"""Probe both sides for a minute: Scheduler starts this each minute, and a minute is too long to notice an outage."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vertex_dr.kernel.errors import Refused, VertexDrError
from vertex_dr.kernel.events import Event, emit
from vertex_dr.kernel.records import Record
from vertex_dr.kernel.sides import Side
from vertex_dr.traffic.probes import ProbeTrail, check, follow, is_worth_deciding
from vertex_dr.traffic.records import Rehearsal

if TYPE_CHECKING:
    from collections.abc import Callable

    from vertex_dr.kernel.clock import Clock, Sleep
    from vertex_dr.kernel.settings import PolicySettings
    from vertex_dr.traffic.hand_over import HandsOver
    from vertex_dr.traffic.ports import Copies, GoldenSource, Predictions, ProbeLog
    from vertex_dr.traffic.records import Destination, Golden, Selector

__all__ = ["ProbeRegion", "ProbeWindow"]


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
    """Probes both sides from one side, and hands outages and recoveries to assess_regions as they happen."""

    service: str
    prober: Side
    policy: PolicySettings
    selector: Callable[[], Selector]
    log: ProbeLog
    golden: GoldenSource
    predictions: Predictions
    hand_over: HandsOver[None]
    copies: Copies
    clock: Clock
    sleep: Sleep

    def run(self, seconds: float | None = None) -> ProbeWindow:
        """Watch both sides until the window is over, then rewrite missing copies of the selector; repeatable.

        The hand-over is rehearsed at the start, so that it is warm and known to work before it is needed. The sides do
        not wait for each other: one that hangs delays nothing but itself. Raises NotFound or Unreachable
        when there is nothing to probe with: no golden values, no selector.
        """
        selector = self.selector()
        golden = self.golden.golden()
        trails = {t.last.target: t for t in self.log.trails() if t.last.prober is self.prober}
        watches = [
            Watch(
                service=self.service,
                prober=self.prober,
                target=side,
                destination=selector.sides[side],
                golden=golden,
                trail=trails.get(side),
                policy=self.policy,
                log=self.log,
                predictions=self.predictions,
                hand_over=self.hand_over,
                clock=self.clock,
                sleep=self.sleep,
            )
            for side in Side
        ]
        window_seconds = self.policy.probe_window_seconds if seconds is None else seconds
        with ThreadPoolExecutor(max_workers=len(watches) + 1) as threads:
            running = [threads.submit(watch.run, window_seconds) for watch in watches]
            rehearsal = threads.submit(self._rehearse)
            seen = tuple(watch.result() for watch in running)
        states = self.copies.write_missing(self.selector())
        return ProbeWindow(
            service=self.service,
            prober=self.prober,
            rounds=max(watch.rounds for watch in watches),
            hand_overs=sum(watch.hand_overs for watch in watches),
            trails=seen,
            problems=(
                *rehearsal.result(),
                *(problem for watch in watches for problem in watch.problems),
                *(f"{state.place}: {state.problem}" for state in states if state.problem),
            ),
        )

    def _rehearse(self) -> tuple[str, ...]:
        """Return the problem of the hand-over, if it has one."""
        try:
            self.hand_over(Rehearsal(service=self.service, by=f"probe_region in {self.prober}"))
        except VertexDrError as exc:
            emit(Event.TRAFFIC_HAND_OVER_BROKEN, severity="ERROR", service=self.service, error=str(exc))
            return (str(exc),)
        return ()


# A probe ends before the next one is due, so that a region that hangs is counted as soon as one that refuses.
TIMEOUT_SHARE = 0.6


@dataclass(kw_only=True)
class Watch:
    """Watches one side for one prober, for one window."""

    service: str
    prober: Side
    target: Side
    destination: Destination
    golden: Golden
    trail: ProbeTrail | None
    policy: PolicySettings
    log: ProbeLog
    predictions: Predictions
    hand_over: HandsOver[None]
    clock: Clock
    sleep: Sleep
    rounds: int = 0
    hand_overs: int = 0
    problems: list[str] = field(default_factory=list)

    def run(self, seconds: float) -> ProbeTrail:
        """Probe each interval until the time is over, and return the trail as it is then.

        Between a failure and the decision the side is asked again after probe_confirm_seconds, so that an outage is
        certain soon; such questions are asked to the end, even past the window's.
        """
        began = self.clock()
        interval = self.policy.probe_interval_seconds
        while True:
            trail = self._probe()
            now = (self.clock() - began).total_seconds()
            if 0 < trail.consecutive_failures < self.policy.failures_to_act:
                asked = (trail.last.at - began).total_seconds()
                self.sleep(max(asked + self.policy.probe_confirm_seconds - now, 0.0))
                continue
            beat = (now // interval + 1) * interval
            if beat > seconds:
                return trail
            self.sleep(beat - now)

    def _probe(self) -> ProbeTrail:
        before = self.trail
        probe = check(
            self.predictions,
            self.destination,
            self.golden,
            prober=self.prober,
            target=self.target,
            clock=self.clock,
            timeout_seconds=self.policy.probe_interval_seconds * TIMEOUT_SHARE,
        )
        self.rounds += 1
        self.trail = after = follow(before, probe, service=self.service, policy=self.policy)
        try:
            self.log.record((after,))
            if is_worth_deciding(before, after, self.policy):
                self._tell()
        except VertexDrError as exc:
            self.problems.append(str(exc))
            emit(
                Event.TRAFFIC_PROBE_UNHEARD, severity="ERROR", service=self.service, target=self.target, error=str(exc)
            )
        return after

    def _tell(self) -> None:
        """Hand over and count it; a refusal is an answer too, and the next failure asks again."""
        try:
            answer = self.hand_over(None)
        except Refused as exc:
            answer = {"refused": str(exc)}
        self.hand_overs += 1
        emit(
            Event.TRAFFIC_PROBE_HANDED_OVER, service=self.service, prober=self.prober, target=self.target, answer=answer
        )

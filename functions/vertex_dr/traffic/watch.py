"""Watch one side for a while: a steady beat, and quick questions once it fails."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vertex_dr.kernel.errors import Refused, VertexDrError
from vertex_dr.kernel.events import emit
from vertex_dr.traffic.check import check
from vertex_dr.traffic.probes import ProbeTrail, follow, turned

if TYPE_CHECKING:
    from vertex_dr.kernel.clock import Clock, Sleep
    from vertex_dr.kernel.settings import PolicySettings
    from vertex_dr.kernel.sides import Side
    from vertex_dr.traffic.hand_over import HandsOver
    from vertex_dr.traffic.ports import Predictions, ProbeLog
    from vertex_dr.traffic.records import Destination, Golden

__all__ = ["Watch"]

# A probe ends before the next one is due, so that a region that hangs is counted as soon as one that refuses.
TIMEOUT_SHARE = 0.6


@dataclass(kw_only=True)
class Watch:
    """One prober's eye on one side, from one window to its end."""

    service: str
    prober: Side
    target: Side
    destination: Destination
    golden: Golden
    trail: ProbeTrail | None
    policy: PolicySettings
    log: ProbeLog
    predictions: Predictions
    hand_over: HandsOver
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
            if turned(before, after, self.policy):
                self._tell()
        except VertexDrError as exc:
            self.problems.append(str(exc))
            emit("traffic.probe.unheard", severity="ERROR", service=self.service, target=self.target, error=str(exc))
        return after

    def _tell(self) -> None:
        """Hand over and count it; a refusal is an answer too, and the next failure asks again."""
        try:
            answer = self.hand_over(None)
        except Refused as exc:
            answer = {"refused": str(exc)}
        self.hand_overs += 1
        emit("traffic.probe.handed_over", service=self.service, prober=self.prober, target=self.target, answer=answer)

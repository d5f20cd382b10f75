"""Records for tests, said in few words."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from vertex_dr.kernel.sides import Side
from vertex_dr.traffic.probes import Probe, ProbeTrail
from vertex_dr.traffic.records import Change, Destination, Golden, HoldNote, Phase, Selector

NOW = datetime(2026, 11, 21, 9, 0, 0, tzinfo=UTC)
SERVICE = "diagnosis"
REGIONS = {Side.PRIMARY: "europe-west4", Side.DR: "europe-west1"}
DESTINATIONS = {
    side: Destination(region=region, endpoint="4711", image_repository="vdr-images") for side, region in REGIONS.items()
}
GOLDEN = Golden(instances=[[1.0], [2.0]], predictions=[[0.1, 0.9], [0.2, 0.8]], tolerance=1e-6)
_TRAIL = re.compile(
    r"(?P<prober>\w+)>(?P<target>\w+) (?P<how>golden|wrong|over quota|failed (?P<count>\d+) over (?P<span>\d+) s)"
    r"(?:, (?P<age>\d+) s old)?"
)


def selector(*, epoch: int = 1, active: str = "primary", hold: str | None = None) -> Selector:
    return Selector(
        service=SERVICE,
        epoch=epoch,
        active=Side(active),
        sides=DESTINATIONS,
        phase=Phase.with_active(Side(active)),
        hold=HoldNote(by="operator", at=NOW, reason=hold) if hold else None,
        changed_at=NOW,
        changed_by="a test",
        reason="a reason",
    )


def change(*, epoch: int = 1, active: str = "primary", flip_id: str = "first") -> Change:
    return Change(flip_id=flip_id, from_side=None, selector=selector(epoch=epoch, active=active))


def trail(text: str, *, now: datetime = NOW) -> ProbeTrail:
    """Return the trail that a text such as `dr>primary failed 2 over 6 s, 3 s old` spells."""
    match = _TRAIL.fullmatch(text)
    assert match is not None, text
    at = now - timedelta(seconds=int(match["age"] or 0))
    failures = int(match["count"] or 0)
    first = now - timedelta(seconds=int(match["span"])) if failures else None
    details = {
        "golden": "golden values",
        "wrong": "other values than the golden ones",
        "over quota": "429 RESOURCE_EXHAUSTED: Quota exceeded",
    }
    last = Probe(
        prober=Side(match["prober"]),
        target=Side(match["target"]),
        at=at,
        is_answered=not failures,
        is_golden=match["how"] == "golden",
        latency_ms=4.0,
        detail=details.get(match["how"], "connection refused"),
        is_over_quota=match["how"] == "over quota",
    )
    return ProbeTrail(
        service=SERVICE,
        last=last,
        consecutive_failures=failures,
        first_failure_at=first,
        last_answered_at=None if failures else at,
    )

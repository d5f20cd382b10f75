"""From the logbook to the report: pure, so that any logbook can be assembled again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from drill.evidence.findings import objective
from drill.evidence.records import Accuracy, Objective, Report, Rpo, SideLatency, Span, Terraform
from drill.evidence.recovery import Moments, rpo, rto
from drill.evidence.samples import first_try_share, percentile, summarize
from vertex_dr.kernel.assets import AssetKind
from vertex_dr.kernel.sides import Side
from vertex_dr.kernel.verdict import Verdict, worst

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from drill.evidence.logbook import Logbook
    from drill.evidence.records import Predictions, Rto
    from drill.evidence.samples import Sample
    from preflight.records import PreflightReport
    from vertex_dr.kernel.settings import PolicySettings

__all__ = ["LATENCY_OBJECTIVE_MS", "assemble"]

LATENCY_OBJECTIVE_MS = 1000.0
_FIRST_TRY_SHARE = 0.99


def assemble(  # noqa: PLR0913 - the report's every source
    book: Logbook,
    *,
    policy: PolicySettings,
    regions: Mapping[Side, str],
    started_at: float,
    ended_at: float,
    spans: Sequence[Span],
    terraform: Terraform,
    environment: Mapping[str, str],
    sabotage: str | None,
    wanted_predictions: int,
    preflight: PreflightReport | None = None,
) -> Report:
    """Return the report; its verdict is PASS only when every finding and every objective is."""
    recovery = _recovery(book, policy)
    lost = _losses(book, policy)
    share = None
    if book.flipped_at is not None:
        until = book.healed_at or ended_at
        share = first_try_share(
            book.samples, book.arrivals, region=regions[Side.DR], since=book.flipped_at, until=until
        )
    predictions = summarize(
        book.samples, outage_at=book.outage_at, recovered_at=book.recovered_at, first_try_share=share
    )
    latency = {side: _latency(book.samples, side) for side in Side}
    accuracy = {
        side: book.accuracy.get(side, Accuracy(measured=None, trained=None, verdict=Verdict.INCONCLUSIVE))
        for side in Side
    }
    objectives = _objectives(recovery, lost, predictions, latency, policy, wanted_predictions)
    verdict = worst(
        [f.verdict for f in book.findings] + [o.verdict for o in objectives] + [a.verdict for a in accuracy.values()]
    )
    return Report(
        verdict=verdict,
        started_at=datetime.fromtimestamp(started_at, UTC).isoformat(timespec="seconds"),
        seconds=round(ended_at - started_at, 1),
        sabotage=sabotage,
        findings=tuple(book.findings),
        objectives=objectives,
        rto_seconds=recovery,
        rpo_seconds=lost,
        predictions=predictions,
        accuracy=accuracy,
        latency=latency,
        timeline=_timeline(book, spans, ended_at),
        flips=tuple(flip.selector for flip in book.flips),
        terraform=terraform,
        environment=dict(environment),
        figures=dict(book.figures),
        preflight=preflight,
    )


def _recovery(book: Logbook, policy: PolicySettings) -> Rto:
    moments = Moments(
        outage_at=book.outage_at or 0.0,
        detected_at=book.detected_at,
        decided_at=book.decided_at,
        flipped_at=book.flipped_at,
        recovered_at=book.recovered_at if book.outage_at is not None else None,
    )
    return rto(
        moments,
        probe_interval_seconds=policy.probe_interval_seconds,
        failures_to_act=policy.failures_to_act,
    )


def _losses(book: Logbook, policy: PolicySettings) -> dict[AssetKind, Rpo]:
    if book.outage_at is None:
        return {}
    return {
        kind: rpo(
            book.held.get(kind, {}),
            book.survived.get(kind, set()),
            outage_at=book.outage_at,
            objective=policy.rpo_objective_seconds,
            found_again=book.found_again.get(kind),
        )
        for kind in AssetKind
    }


def _latency(samples: Sequence[Sample], side: Side) -> SideLatency:
    waited = [s.ms for s in samples if s.side is side and s.tries == 1 and s.error is None]
    p99 = percentile(waited, 0.99)
    measured = objective("", promised=LATENCY_OBJECTIVE_MS, measured=p99, unit="ms")
    return SideLatency(
        p50_ms=percentile(waited, 0.50), p99_ms=p99, objective_p99_ms=LATENCY_OBJECTIVE_MS, verdict=measured.verdict
    )


def _objectives(  # noqa: PLR0913, PLR0917 - one argument a promise
    recovery: Rto,
    lost: Mapping[AssetKind, Rpo],
    predictions: Predictions,
    latency: Mapping[Side, SideLatency],
    policy: PolicySettings,
    wanted_predictions: int,
) -> tuple[Objective, ...]:
    oldest = max((r.seconds for r in lost.values()), default=None)
    seen = predictions.total or None
    return (
        objective("RTO", promised=policy.rto_objective_seconds, measured=recovery.total, unit="s"),
        objective("RPO", promised=policy.rpo_objective_seconds, measured=oldest, unit="s"),
        objective("predictions", promised=wanted_predictions, measured=seen, unit="", at_least=True),
        objective("failed predictions", promised=0, measured=seen and predictions.failed, unit=""),
        objective("wrong predictions", promised=0, measured=seen and predictions.wrong, unit=""),
        objective(
            "first tries at dr after the flip",
            promised=_FIRST_TRY_SHARE,
            measured=None if predictions.first_try_share is None else round(predictions.first_try_share, 4),
            unit="",
            at_least=True,
        ),
        *(
            objective(f"p99 latency of {side}", promised=found.objective_p99_ms, measured=found.p99_ms, unit="ms")
            for side, found in latency.items()
        ),
    )


def _timeline(book: Logbook, spans: Sequence[Span], ended_at: float) -> tuple[Span, ...]:
    outage: tuple[Span, ...] = ()
    if book.outage_at is not None:
        outage = (
            Span(name="outage", kind="outage", started_at=book.outage_at, ended_at=book.healed_at or ended_at),
            Span(name="outage", kind="moment", started_at=book.outage_at, ended_at=book.outage_at),
        )
    return tuple(sorted((*spans, *outage), key=lambda span: span.started_at))

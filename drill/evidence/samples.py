"""What each client saw of each prediction, and the figures that follow from it."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from drill.evidence.records import Predictions, Windows
from vertex_dr.kernel.records import Record
from vertex_dr.kernel.sides import Side

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

__all__ = ["Arrival", "Sample", "first_golden_at", "first_try_share", "percentile", "summarize"]


class Sample(Record, frozen=True, kw_only=True):
    """One prediction as its caller saw it; tries is 1 when the first try answered, side is the one that answered."""

    at: float
    ms: float
    client: int
    side: Side | None
    tries: int
    golden: bool
    error: str | None = None

    @property
    def ended_at(self) -> float:
        """Return when the caller had its answer."""
        return self.at + self.ms / 1000


class Arrival(Record, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """One prediction as localcloud counted it at an endpoint."""

    at: float
    region: str
    endpoint: str
    model_version: str | None
    attempt: str | None
    status: int


def percentile(values: Iterable[float], share: float) -> float | None:
    """Return the smallest value that at least share of the values do not exceed, or None when there are none."""
    ordered = sorted(values)
    if not ordered:
        return None
    return ordered[max(ceil(share * len(ordered)), 1) - 1]


def summarize(
    samples: Sequence[Sample],
    *,
    outage_at: float | None,
    recovered_at: float | None,
    first_try_share: float | None,
) -> Predictions:
    """Return the clients' figures; without an outage everything was before it."""

    def window(sample: Sample) -> str:
        if outage_at is None or sample.at < outage_at:
            return "before"
        return "during" if recovered_at is None or sample.at < recovered_at else "after"

    def figures(share: float) -> Windows:
        of: Callable[[str], float | None] = lambda name: percentile(  # noqa: E731 - three uses in one line below
            (s.ms for s in samples if window(s) == name), share
        )
        return Windows(before=of("before"), during=of("during"), after=of("after"))

    return Predictions(
        clients=len({s.client for s in samples}),
        total=len(samples),
        failed=sum(s.error is not None for s in samples),
        wrong=sum(s.error is None and not s.golden for s in samples),
        first_try_share=first_try_share,
        p50_ms=figures(0.50),
        p99_ms=figures(0.99),
    )


def first_golden_at(samples: Iterable[Sample], *, side: Side, after: float) -> float | None:
    """Return when the first golden answer came that a first try got from that side, or None if none did."""
    return min(
        (s.ended_at for s in samples if s.side is side and s.tries == 1 and s.golden and s.ended_at >= after),
        default=None,
    )


def first_try_share(
    samples: Iterable[Sample], arrivals: Iterable[Arrival], *, region: str, since: float, until: float
) -> float | None:
    """Return which share of the predictions begun in that time had its first try counted at the region.

    First tries at a dark region reach nobody who could count them, so the whole is what clients began.
    """
    begun = sum(since <= s.at < until for s in samples)
    counted = sum(since <= a.at < until and a.region == region and a.attempt == "1" for a in arrivals)
    return min(counted / begun, 1.0) if begun else None

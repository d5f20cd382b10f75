from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from drill.evidence.samples import Arrival, Sample, first_golden_at, first_try_share, percentile, summarize
from vertex_dr.kernel.sides import Side


def sample(at: float, *, ms: float = 10, side: Side | None = Side.PRIMARY, tries: int = 1, **changes: object) -> Sample:
    fields = {"at": at, "ms": ms, "client": 0, "side": side, "tries": tries, "golden": True, "error": None, **changes}
    return Sample(**fields)  # type: ignore[arg-type] # each test names the fields it changes


def arrival(at: float, region: str, attempt: str | None = "1") -> Arrival:
    return Arrival(at=at, region=region, endpoint="1", model_version="2", attempt=attempt, status=200)


def test_percentile_of_nothing_is_nothing() -> None:
    assert percentile([], 0.99) is None


def test_percentile_is_the_nearest_rank() -> None:
    values = [float(n) for n in range(1, 101)]

    assert (percentile(values, 0.5), percentile(values, 0.99), percentile(values, 1.0)) == (50, 99, 100)


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0.01, 1))
def test_percentile_covers_its_share_of_the_values(values: list[float], share: float) -> None:
    found = percentile(values, share)

    assert found in values
    assert sum(v <= found for v in values) >= share * len(values)


def test_figures_are_split_at_outage_and_recovery() -> None:
    samples = [sample(1, ms=10), sample(11, ms=500), sample(21, ms=20)]

    summary = summarize(samples, outage_at=10, recovered_at=20, first_try_share=1.0)

    assert (summary.p50_ms.before, summary.p50_ms.during, summary.p50_ms.after) == (10, 500, 20)


def test_an_error_is_failed_and_not_wrong_as_well() -> None:
    samples = [sample(1), sample(2, golden=False), sample(3, golden=False, error="both sides refused", side=None)]

    summary = summarize(samples, outage_at=None, recovered_at=None, first_try_share=None)

    assert (summary.total, summary.wrong, summary.failed) == (3, 1, 1)


def test_recovery_is_the_first_golden_answer_of_a_first_try_on_the_other_side() -> None:
    samples = [
        sample(10, side=Side.DR, tries=2),
        sample(11, side=Side.DR, golden=False),
        sample(12, side=Side.PRIMARY),
        sample(13, side=Side.DR, ms=500),
        sample(14, side=Side.DR),
    ]

    assert first_golden_at(samples, side=Side.DR, after=9) == 13.5


def test_first_tries_at_the_dark_region_count_against_the_share() -> None:
    samples = [sample(at, side=Side.DR) for at in (10, 11, 12, 13)]
    arrivals = [arrival(10.1, "europe-west1"), arrival(11.1, "europe-west1"), arrival(12.1, "europe-west1", "2")]

    share = first_try_share(samples, arrivals, region="europe-west1", since=10, until=20)

    assert share == 0.5


def test_share_of_no_prediction_is_unknown() -> None:
    assert first_try_share([], [], region="europe-west1", since=0, until=1) is None

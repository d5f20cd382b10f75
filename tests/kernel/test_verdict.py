from __future__ import annotations

import itertools

import pytest

from vertex_dr.kernel.verdict import Verdict, worst


@pytest.mark.parametrize("verdict", Verdict)
def test_a_verdict_is_neither_true_nor_false(verdict: Verdict) -> None:
    with pytest.raises(TypeError, match="compare it with"):
        bool(verdict)


@pytest.mark.parametrize("verdicts", list(itertools.permutations(Verdict)))
def test_a_failure_outweighs_everything_in_any_order(verdicts: tuple[Verdict, ...]) -> None:
    assert worst(verdicts) is Verdict.FAIL


def test_what_could_not_be_seen_never_counts_as_success() -> None:
    assert worst([]) is Verdict.INCONCLUSIVE
    assert worst([Verdict.PASS, Verdict.INCONCLUSIVE]) is Verdict.INCONCLUSIVE
    assert worst([Verdict.INCONCLUSIVE, Verdict.ERROR]) is Verdict.ERROR
    assert worst([Verdict.PASS, Verdict.PASS]) is Verdict.PASS


def test_exit_codes_are_those_of_the_design() -> None:
    assert {v.value: v.exit_code for v in Verdict} == {"PASS": 0, "FAIL": 4, "INCONCLUSIVE": 6, "ERROR": 1}

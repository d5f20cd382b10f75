from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from drill.evidence.findings import check
from drill.sabotage import Sabotage
from tests.drill.evidence.logbooks import FLIP, assembled, sample
from vertex_dr.kernel.assets import AssetKind
from vertex_dr.kernel.sides import Side
from vertex_dr.kernel.verdict import Verdict

if TYPE_CHECKING:
    from drill.evidence.logbook import Logbook


def test_a_drill_in_which_all_went_well_passes(logbook: Logbook) -> None:
    report = assembled(logbook)

    assert report.verdict is Verdict.PASS


def test_the_version_registered_too_late_is_reported_as_lost_with_its_age(logbook: Logbook) -> None:
    lost = assembled(logbook).rpo_seconds[AssetKind.MODEL_VERSION].lost

    assert [(one.asset, one.age_seconds, one.found_again) for one in lost] == [("diagnosis@primary-3", 5, True)]


@pytest.mark.parametrize("sabotage", list(Sabotage))
def test_every_sabotage_has_a_check_that_names_it(sabotage: Sabotage, logbook: Logbook) -> None:
    names = {
        "terraform-plan-empty", "model-replicated", "image-mirrored", "artifact-intact", "dr-predicts-golden",
        "selector-reachable", "selector-flipped-once",
    }  # fmt: skip
    logbook.findings += [check(n, holds=False, expected="", found="", phase="") for n in sorted(names)]

    report = assembled(logbook, sabotage=sabotage.value)

    assert report.verdict is Verdict.FAIL
    assert sabotage.value in {finding.fault for finding in report.findings}


def test_one_wrong_prediction_fails_the_drill(logbook: Logbook) -> None:
    logbook.samples.append(sample(FLIP + 1, Side.DR, golden=False))

    report = assembled(logbook)

    assert report.verdict is Verdict.FAIL
    assert [o.name for o in report.objectives if o.verdict is Verdict.FAIL] == ["wrong predictions"]


def test_first_tries_that_stay_at_the_dark_region_fail_the_drill(logbook: Logbook) -> None:
    logbook.arrivals = logbook.arrivals[:400]

    failed = [o.name for o in assembled(logbook).objectives if o.verdict is Verdict.FAIL]

    assert failed == ["first tries at dr after the flip"]


def test_a_drill_that_never_got_to_the_outage_is_not_a_success(logbook: Logbook) -> None:
    for moment in ("outage_at", "healed_at", "detected_at", "decided_at", "flipped_at", "recovered_at"):
        setattr(logbook, moment, None)

    report = assembled(logbook)

    assert report.verdict is Verdict.INCONCLUSIVE
    assert report.rpo_seconds == {}


def test_the_outage_stands_in_the_timeline_until_the_region_was_healed(logbook: Logbook) -> None:
    outage = [span for span in assembled(logbook).timeline if span.kind == "outage"]

    assert [(span.ended_at - span.started_at) for span in outage] == [60]

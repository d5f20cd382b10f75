"""The drill reads flips and their journals as the product's own records."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from drill.checks.flips import accepted_flips, journal_of
from tests.drill.evidence.logbooks import flip_to_dr
from tests.memory.artifacts import MemoryArtifacts
from tests.replication.world import settings_of
from vertex_dr.kernel.errors import DamagedRecord
from vertex_dr.kernel.records import to_json
from vertex_dr.kernel.sides import Side
from vertex_dr.kernel.verdict import Verdict
from vertex_dr.traffic.fail_over import FlipJournal
from vertex_dr.traffic.records import Change, FailoverPlan, Trigger

FLIP = flip_to_dr()
CREATED = Change(flip_id="a0", from_side=None, selector=FLIP.selector)
SETTINGS = {side: settings_of(side) for side in Side}
PREFIX = f"gs://{SETTINGS[Side.DR].own.staging_bucket}/journals/fail_over/"


def journal(flip: Change) -> FlipJournal:
    at = flip.selector.changed_at
    plan = FailoverPlan(
        service="diagnosis",
        epoch=1,
        from_side=Side.PRIMARY,
        to_side=Side.DR,
        trigger=Trigger.OUTAGE,
        by="assess_regions in dr",
        reason="primary failed",
        first_failure_at=at - timedelta(seconds=5),
        detected_at=at - timedelta(seconds=2),
        decided_at=at - timedelta(seconds=1),
    )
    return FlipJournal(
        plan=plan, flip_id=flip.flip_id, selector=flip.selector, started_at=at, flipped_at=at, verified_at=at,
        verdict=Verdict.PASS, finding="golden", copies=(), problems=(), journal=None,
    )  # fmt: skip


def drill_with(store: MemoryArtifacts) -> Any:
    selector = SimpleNamespace(changes=lambda: (CREATED, FLIP))
    ports = SimpleNamespace(selector=selector, artifacts=store)
    return SimpleNamespace(settings=SETTINGS, ports=lambda _: ports)


def test_the_selectors_creation_is_no_flip() -> None:
    assert accepted_flips(drill_with(MemoryArtifacts()), Side.DR) == [FLIP]


def test_a_flip_is_found_by_its_own_id_among_the_journals() -> None:
    store = MemoryArtifacts()
    store.write_once(
        f"{PREFIX}1.json", to_json(journal(Change(flip_id="b2", from_side=Side.DR, selector=FLIP.selector)))
    )
    store.write_once(f"{PREFIX}2.json", to_json(journal(FLIP)))

    assert journal_of(drill_with(store), FLIP, kept_by=Side.DR) == journal(FLIP)


def test_a_journal_that_was_not_written_yet_is_none() -> None:
    assert journal_of(drill_with(MemoryArtifacts()), FLIP, kept_by=Side.DR) is None


def test_a_damaged_journal_is_named_with_its_address() -> None:
    store = MemoryArtifacts()
    store.write_once(f"{PREFIX}1.json", b"{}")

    with pytest.raises(DamagedRecord, match=f"{PREFIX}1.json"):
        journal_of(drill_with(store), FLIP, kept_by=Side.DR)

"""The decision, row by row: rows in assess_rows.json, decisions with their reasons in golden/assess.json."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from tests.traffic.samples import NOW, selector, trail
from vertex_dr.kernel.settings import PolicySettings
from vertex_dr.kernel.sides import Side
from vertex_dr.kernel.verdict import Verdict
from vertex_dr.traffic.assess import assess
from vertex_dr.traffic.records import Readiness

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(__file__).parent


def readiness(given: dict[str, Any] | None, side: Side) -> Readiness | None:
    if given is None:
        return None
    return Readiness(
        side=side,
        verdict=Verdict(given["verdict"]),
        findings=tuple(given["findings"]),
        observed_at=NOW - timedelta(seconds=given["age"]),
        lag_seconds=given["lag"],
    )


def decided(given: dict[str, Any]) -> Any:
    active = given.get("active", "primary")
    decision = assess(
        selector(active=active, hold=given.get("hold")),
        [trail(text) for text in given["probes"]],
        readiness(given.get("readiness"), Side(active).other),
        PolicySettings(),
        by="assess_regions in dr",
        now=NOW,
    )
    return msgspec.to_builtins(decision)


def test_every_row_of_the_table_is_decided_as_reviewed(golden: Callable[[Path, str], None]) -> None:
    rows = json.loads((FOLDER / "assess_rows.json").read_text())

    found = {name: decided(given) for name, given in rows.items()}

    golden(FOLDER / "golden" / "assess.json", json.dumps(found, indent=2) + "\n")

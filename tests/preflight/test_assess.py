"""The decisions, case by case: cases in assess_cases.json, what each adds to a good project in golden/assess.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from preflight.checks.assess import assess
from preflight.records import Observations
from tests.preflight.samples import declaration, observations
from vertex_dr.kernel.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(__file__).parent


def decided(case: dict[str, Any]) -> list[str]:
    declared = declaration(**case.get("declared", {}))
    seen = msgspec.to_builtins(observations(declared))
    for key, value in case.get("seen", {}).items():
        seen[key] = {**seen[key], **value} if key in ("locations", "names", "policies") else value
    found = assess(declared, msgspec.convert(seen, Observations))
    return [
        f"{one.verdict} {one.check} {one.subject}: needs {one.expected}; found {one.found}; {one.remedy}"
        for one in found
        if one.verdict is not Verdict.PASS
    ]


def test_every_case_is_decided_as_reviewed(golden: Callable[[Path, str], None]) -> None:
    cases = json.loads((FOLDER / "assess_cases.json").read_text())

    found = {name: decided(case) for name, case in cases.items()}

    golden(FOLDER / "golden" / "assess.json", json.dumps(found, indent=2) + "\n")


def test_nothing_stands_in_the_way_of_a_good_project() -> None:
    declared = declaration()

    found = assess(declared, observations(declared))

    assert {one.verdict for one in found} == {Verdict.PASS}
    assert {one.check for one in found} == {
        "api", "billing", "bucket-location", "bucket-name", "build-region", "database-location", "name", "permission",
        "policy", "quota", "region",
    }  # fmt: skip


def test_each_finding_that_is_not_pass_says_what_to_do() -> None:
    golden = json.loads((FOLDER / "golden" / "assess.json").read_text())

    assert [line for lines in golden.values() for line in lines if line.endswith("; ")] == []

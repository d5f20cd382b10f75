from __future__ import annotations

import json
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import msgspec

from drill.evidence import report as evidence
from drill.evidence.findings import check
from drill.evidence.records import Report
from tests.drill.evidence.logbooks import BEGAN, assembled, probed
from vertex_dr.kernel.records import from_json, to_json

if TYPE_CHECKING:
    from drill.evidence.logbook import Logbook

SCHEMA = Path("docs/report.schema.json")
REGENERATE = "python -m drill.evidence.report_schema docs/report.schema.json"
WANTED = {
    "schema", "verdict", "findings", "objectives", "rto_seconds", "rpo_seconds", "predictions", "accuracy", "latency",
    "timeline", "flips", "terraform", "environment",
}  # fmt: skip


class References(HTMLParser):
    """Collects what a page would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [
            f"{tag} {value}" for name, value in attrs if name in {"src", "href"} and not str(value).startswith("#")
        ]


def page(logbook: Logbook) -> str:
    return evidence.page(assembled(logbook), logbook.samples, origin=BEGAN, regions="europe-west4 and europe-west1")


def test_the_report_has_every_field_that_auditors_look_for(logbook: Logbook) -> None:
    report = json.loads(to_json(assembled(logbook)))

    assert set(report) >= WANTED


def test_the_report_keeps_to_its_published_schema(logbook: Logbook) -> None:
    report = json.loads(to_json(assembled(logbook)))

    jsonschema.validate(report, json.loads(SCHEMA.read_text()))
    assert report["schema"] == 2


def test_the_published_schema_is_current(tmp_path: Path) -> None:
    made = tmp_path / "schema.json"
    subprocess.run([sys.executable, "-m", "drill.evidence.report_schema", made], check=True)

    assert SCHEMA.read_text() == made.read_text(), f"run {REGENERATE}"


def test_a_report_is_read_back_as_it_was(logbook: Logbook) -> None:
    report = assembled(logbook)

    assert from_json(Report, to_json(report), source="test") == report


def test_the_page_needs_no_other_file(logbook: Logbook) -> None:
    references = References()

    references.feed(page(logbook))

    assert references.found == []


def test_the_page_says_loudly_that_the_stand_in_served(logbook: Logbook) -> None:
    assert "localcloud's stand-in provider" in page(logbook)


def test_a_failed_check_is_shown_with_the_fault_that_it_catches(logbook: Logbook) -> None:
    logbook.findings.append(check("image-mirrored", holds=False, expected="all", found="<none>", phase="replication"))

    text = page(logbook)

    assert "<b>image-not-mirrored</b>" in text
    assert "&lt;none&gt;" in text


def test_what_a_preflight_found_out_is_carried_and_changes_no_verdict(logbook: Logbook, tmp_path: Path) -> None:
    report = assembled(logbook, preflight=probed())
    evidence.write(report, logbook.samples, folder=tmp_path, origin=BEGAN, regions="both")

    text = (tmp_path / "report.html").read_text()
    jsonschema.validate(json.loads(to_json(report)), json.loads(SCHEMA.read_text()))
    assert from_json(Report, to_json(report), source="test").preflight == probed()
    assert report.verdict == assembled(logbook).verdict
    assert "below model-1" in text
    assert "403 &lt;denied&gt;; get the role" in text
    assert "billingAccounts/1" not in text


def test_a_drill_without_predictions_has_a_page_too(logbook: Logbook) -> None:
    logbook.samples = []

    assert "no prediction was made" in page(logbook)


def test_evidence_is_written_into_one_folder(logbook: Logbook, tmp_path: Path) -> None:
    evidence.write(assembled(logbook), logbook.samples, folder=tmp_path / "drill", origin=BEGAN, regions="both")

    assert msgspec.json.decode((tmp_path / "drill" / "report.json").read_bytes())["verdict"] == "PASS"
    assert (tmp_path / "drill" / "report.html").read_text().startswith("<!doctype html>")

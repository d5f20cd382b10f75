"""The report's JSON Schema: `python -m drill.evidence.report_schema FILE` writes it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import msgspec

from drill.evidence.records import Report

__all__ = ["report_schema"]


def report_schema() -> str:
    """Return the schema of report.json, the same text each time."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(Report)}
    return json.dumps(schema, indent=2) + "\n"


if __name__ == "__main__":
    if len(sys.argv) != 2:  # noqa: PLR2004 - the program and its one argument
        sys.exit("usage: python -m drill.evidence.report_schema FILE")
    Path(sys.argv[1]).write_text(report_schema())

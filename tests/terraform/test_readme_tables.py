"""The tables of the READMEs are what the code says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "scripts" / "render_module_docs.py"


def test_no_table_is_stale() -> None:
    found = subprocess.run([sys.executable, SCRIPT, "--check"], capture_output=True, text=True, check=False)

    assert (found.returncode, found.stderr) == (0, "")


def test_every_variable_and_output_stands_in_alphabetical_order() -> None:
    unsorted = []
    for path in (SCRIPT.parents[1] / "terraform").glob("*/*/*.tf"):
        if path.name in {"variables.tf", "outputs.tf"}:
            names = [line.split('"')[1] for line in path.read_text().splitlines() if line.startswith(("var", "out"))]
            if names != sorted(names):
                unsorted.append(path)

    assert unsorted == []


def test_an_unknown_option_is_refused_with_the_usage() -> None:
    found = subprocess.run([sys.executable, SCRIPT, "--force"], capture_output=True, text=True, check=False)

    assert (found.returncode, found.stderr) == (2, "usage: scripts/render_module_docs.py [--check]\n")

"""docs/costs.md is what `make costs` prints, and the README quotes it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "costs.md"


def test_the_page_is_what_make_costs_prints(golden: Callable[[Path, str], None]) -> None:
    command = [sys.executable, "-m", "provisioning.costs"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)

    golden(PAGE, printed.stdout)


def test_the_readme_quotes_the_page() -> None:
    quoted = re.search(r"^With the values of .*failed over", PAGE.read_text(), re.MULTILINE)

    assert quoted
    assert quoted[0] in (ROOT / "README.md").read_text()

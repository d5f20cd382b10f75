"""The README's table of functions is the bundle's table of entry points, in its order; --update-golden rewrites it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from vertex_dr.wiring.entry_points import ENTRY_POINTS

if TYPE_CHECKING:
    from collections.abc import Callable

README = Path(__file__).parents[2] / "README.md"
MARKED = re.compile(r"(?s)(<!-- entry points: [^\n]+ -->\n\n).*?(\n<!-- end of entry points -->)")


def test_the_functions_of_the_readme_are_the_bundles_entry_points(golden: Callable[[Path, str], None]) -> None:
    rows = "".join(f"| `{name}` | both | {one.promise} |\n" for name, one in ENTRY_POINTS.items())
    table = f"| function | side | what is true afterwards |\n| --- | --- | --- |\n{rows}"

    found, count = MARKED.subn(lambda marked: marked[1] + table + marked[2], README.read_text())

    assert count == 1
    golden(README, found)

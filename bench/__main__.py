"""Run every measurement of this folder, or those named, and print one table.

Usage: python -m bench [NAME …]
"""

from __future__ import annotations

import importlib
import pkgutil
import sys

from rich.console import Console
from rich.table import Table

import bench

SUPPORT = {"rows", "__main__"}


def main(names: list[str]) -> int:
    """Print a table of all figures; unknown names end with usage and code 2."""
    known = sorted(m.name for m in pkgutil.iter_modules(bench.__path__) if m.name not in SUPPORT)
    unknown = set(names) - set(known)
    if unknown:
        sys.stderr.write(
            f"bench: no measurement is called {', '.join(sorted(unknown))}; choose from {', '.join(known)}\n"
        )
        return 2
    table = Table("measured", "ours", "beside", "theirs", "ratio", title="medians of one run on this machine")
    for name in names or known:
        for row in importlib.import_module(f"bench.{name}").measure():
            theirs = f"{row.theirs:.3f} {row.unit}" if row.theirs is not None else ""
            ratio = f"{row.ratio:.2f}" if row.ratio is not None else ""
            table.add_row(row.what, f"{row.ours:.3f} {row.unit}", row.beside or "", theirs, ratio)
    Console(width=140).print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

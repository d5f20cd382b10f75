"""What a process imports before its first call, timed from inside: `python -m drill.machines.imports firestore|flip`.

Nothing else is loaded beside it, and the seconds are printed.
"""

from __future__ import annotations

import sys
import time

__all__ = ["PROGRAMS", "main"]

# ruff: noqa: PLC0415 - importing is what is timed


def _firestore() -> None:
    import google.cloud.firestore  # noqa: F401 - importing it is all


def _flip() -> None:
    from vertex_dr.kernel.settings import Settings
    from vertex_dr.wiring.google_ports import GooglePorts
    from vertex_dr.wiring.traffic import Traffic

    settings = Settings.from_environment()
    traffic = Traffic(settings, GooglePorts(settings))
    _ = traffic.assess_regions, traffic.fail_over


# Firestore's library alone, and what decides and flips.
PROGRAMS = {"firestore": _firestore, "flip": _flip}


def main(arguments: list[str]) -> int:
    """Import what is named, print how many seconds it took, and return the exit code."""
    if len(arguments) != 1 or arguments[0] not in PROGRAMS:
        sys.stderr.write(f"usage: python -m drill.machines.imports {'|'.join(PROGRAMS)}\n")
        return 2
    began = time.perf_counter()
    PROGRAMS[arguments[0]]()
    sys.stdout.write(f"{time.perf_counter() - began}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

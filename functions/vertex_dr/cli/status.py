"""`vertex-dr status`: which side is active, and what is known of both."""

from __future__ import annotations

import typer

from vertex_dr.cli.capabilities import capabilities
from vertex_dr.cli.output import AsJson, print_json, print_lines, print_table

__all__ = ["status"]


def status(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Show the active side, the selector's copies, the last probes and each side's readiness.

    What cannot be read is shown as a problem; the command itself does not fail for it.
    """
    found = capabilities(context).traffic.status.run()
    if as_json:
        print_json(found)
        return
    selector = found.selector
    if selector is None:
        print_lines("selector: not readable; see the problems below")
    else:
        hold = f", held by {selector.hold.by}: {selector.hold.reason}" if selector.hold else ""
        print_lines(
            f"{selector.service}: {selector.active} ({selector.destination.region}) is active under epoch "
            f"{selector.epoch} since {selector.changed_at:%Y-%m-%d %H:%M:%S} UTC{hold}",
            f"  because: {selector.reason} (by {selector.changed_by})",
        )
    print_table(
        "copies", ("place", "epoch"),
        [(copy.place, copy.selector.epoch if copy.selector else copy.problem) for copy in found.copies],
    )  # fmt: skip
    print_table(
        "probes", ("from", "of", "at", "failures", "last answer"),
        [
            (one.last.prober, one.last.target, f"{one.last.at:%H:%M:%S}", one.consecutive_failures, one.last.detail)
            for one in found.probes
        ],
    )  # fmt: skip
    print_table(
        "readiness", ("side", "verdict", "verified", "lag", "findings"),
        [
            (one.side, one.verdict, f"{one.observed_at:%H:%M:%S}", f"{one.lag_seconds} s", "; ".join(one.findings))
            for one in found.readiness
        ],
    )  # fmt: skip
    print_table("problems", ("what",), [(problem,) for problem in found.problems])

"""`vertex-dr verify`: whether a side could take over now."""

from __future__ import annotations

from vertex_dr import wiring
from vertex_dr.cli.output import AsJson, ended, print_json, print_table
from vertex_dr.cli.sides import OnSide, settings_for

__all__ = ["verify"]


def verify(side: OnSide = None, *, as_json: AsJson = False) -> None:
    """Observe both sides again and hold the side's replicas against their sources; exit code 4 when one fails."""
    proof = wiring.verifying(settings_for(side)).run()
    if as_json:
        print_json(proof)
    else:
        print_table(
            f"{proof.verdict}", ("check", "verdict", "subject", "expected", "found"),
            [(f.check, f.verdict, f.subject, f.expected, f.found) for f in proof.findings],
        )  # fmt: skip
    ended(proof.verdict)

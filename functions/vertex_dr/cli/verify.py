"""`vertex-dr verify`: whether a side could take over now."""

from __future__ import annotations

import typer

from vertex_dr.cli.capabilities import OnSide, capabilities
from vertex_dr.cli.output import AsJson, ended, print_json, print_table

__all__ = ["verify"]


def verify(context: typer.Context, side: OnSide = None, *, as_json: AsJson = False) -> None:
    """Observe both sides again and hold the side's replicas against their sources; exit code 4 when one fails."""
    proof = capabilities(context, side).replication.verify_replicas.run()
    if as_json:
        print_json(proof)
    else:
        print_table(
            f"{proof.verdict}", ("check", "verdict", "subject", "expected", "found"),
            [(f.check, f.verdict, f.subject, f.expected, f.found) for f in proof.findings],
        )  # fmt: skip
    ended(proof.verdict)

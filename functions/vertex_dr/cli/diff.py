"""`vertex-dr diff`: what a side lacks of the other."""

from __future__ import annotations

import typer

from vertex_dr.cli.capabilities import OnSide, capabilities
from vertex_dr.cli.output import DRIFT_FOUND, AsJson, print_json, print_lines, print_table

__all__ = ["diff"]


def diff(context: typer.Context, side: OnSide = None, *, as_json: AsJson = False) -> None:
    """Show what the side lacks of the other, or has in another form; exit code 3 when there is anything."""
    drift = capabilities(context, side).replication.verify_replicas.compare()
    if as_json:
        print_json(drift)
    else:
        rows = [
            *(("model version", v.identity, "missing") for v in drift.missing_versions),
            *(("model version", s.source.identity, f"differs: {', '.join(s.differs)}") for s in drift.stale_versions),
            *(("image", i.identity, "missing") for i in drift.missing_images),
            *(("pipeline", p.identity, "missing") for p in drift.missing_pipelines),
        ]
        print_table(f"{drift.target} against {drift.source}", ("kind", "identity", "drift"), rows)
        if drift.is_empty:
            print_lines(f"{drift.target} has everything that {drift.source} has")
    if not drift.is_empty:
        raise typer.Exit(DRIFT_FOUND)

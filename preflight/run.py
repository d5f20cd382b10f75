"""One preflight: read what is declared, ask, decide; with scratch resources where it was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from preflight.checks.assess import assess
from preflight.declaration import declaration_in
from preflight.discovery.removals import ScratchRemovals
from preflight.discovery.run import discover
from preflight.google.ports import GooglePreflightPorts
from preflight.google.scratch import GoogleScratch
from preflight.observe import observe
from preflight.records import PreflightReport
from vertex_dr.kernel.clock import now
from vertex_dr.kernel.records import to_json
from vertex_dr.kernel.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["run"]


def run(environments: Path, *, discover_into: Path | None = None) -> PreflightReport:
    """Return what a first apply of these environments would meet; with discover_into, the report is kept there too.

    Raises BadInput or NotFound for tfvars that cannot be used, and BadSettings without credentials.
    """
    declaration = declaration_in(environments)
    ports = GooglePreflightPorts(Settings.from_environment(declaration.settings))
    findings = assess(declaration, observe(declaration, ports))
    if discover_into is None:
        return PreflightReport.of(declaration, findings, None, at=now())
    removals = ScratchRemovals()
    discovered = discover(GoogleScratch(ports.clients, removals), removals, declaration.regions)
    report = PreflightReport.of(declaration, findings, discovered, at=now())
    discover_into.parent.mkdir(parents=True, exist_ok=True)
    discover_into.write_bytes(to_json(report))
    return report

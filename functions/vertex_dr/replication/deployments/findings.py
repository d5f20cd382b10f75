"""Whether endpoints serve what is declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vertex_dr.kernel.verdict import Verdict
from vertex_dr.replication.checks import finding
from vertex_dr.replication.deployments.plan import declared_version, is_declared, subject_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vertex_dr.replication.journal import Finding
    from vertex_dr.replication.records import Inventory, Manifest

__all__ = ["deployment_findings"]

_ALL_TRAFFIC = 100


def deployment_findings(own: Inventory, manifests: Iterable[Manifest]) -> tuple[Finding, ...]:
    """Return one finding a manifest: PASS when the declared version alone has all the traffic."""
    return tuple(_finding(own, manifest) for manifest in manifests)


def _finding(own: Inventory, manifest: Manifest) -> Finding:
    subject = subject_of(manifest)
    version = declared_version(own, manifest)
    if version is None:
        found = f"no version of {manifest.model} has the alias {manifest.alias} on {own.side}"
        return finding("deployment-matches", Verdict.FAIL, subject, found)
    expected = f"version {version} on {manifest.machine_type} with {_ALL_TRAFFIC} % of the traffic"
    serving = [d for d in own.deployments if d.endpoint == manifest.endpoint]
    found = ", ".join(f"version {d.version} on {d.machine_type} with {d.traffic} %" for d in serving) or "nothing"
    holds = any(is_declared(d, manifest, version) and d.traffic == _ALL_TRAFFIC for d in serving)
    verdict = Verdict.PASS if holds else Verdict.FAIL
    return finding("deployment-matches", verdict, subject, found, expected=expected)

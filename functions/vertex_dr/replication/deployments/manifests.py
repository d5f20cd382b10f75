"""Manifests: what Terraform declares that an endpoint should serve, and whether it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vertex_dr.kernel.errors import DamagedRecord
from vertex_dr.kernel.records import from_json
from vertex_dr.kernel.verdict import Verdict
from vertex_dr.replication.journal import finding
from vertex_dr.replication.layout import manifest_prefix
from vertex_dr.replication.records import Manifest
from vertex_dr.replication.steps import Skipped

if TYPE_CHECKING:
    from vertex_dr.kernel.settings import Settings
    from vertex_dr.replication.journal import Finding
    from vertex_dr.replication.ports import ArtifactStore
    from vertex_dr.replication.records import Deployment, Inventory

__all__ = [
    "ALL_TRAFFIC",
    "Manifests",
    "declared_version",
    "deployment_findings",
    "is_declared",
    "read_manifests",
    "subject_of",
]

ALL_TRAFFIC = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifests:
    """The manifests of the own side that can be followed, and those that cannot, each with the reason."""

    usable: tuple[Manifest, ...]
    left_out: tuple[Skipped, ...] = ()


def read_manifests(store: ArtifactStore, settings: Settings) -> Manifests:
    """Return the manifests of the own side by name; one that cannot be read is left out with the reason."""
    usable: list[Manifest] = []
    left_out: list[Skipped] = []
    prefix = manifest_prefix(settings)
    for name in sorted(store.files(prefix)):
        uri = prefix + name
        try:
            usable.append(from_json(Manifest, store.read(uri), source=uri))
        except DamagedRecord as error:
            left_out.append(Skipped(check="manifest-readable", subject=uri, problem=str(error)))
    return Manifests(usable=tuple(usable), left_out=tuple(left_out))


def declared_version(held: Inventory, manifest: Manifest) -> str | None:
    """Return the number of the version that carries the manifest's alias here, or None."""
    for version in held.model_versions:
        if version.model == manifest.model and manifest.alias in version.aliases:
            return version.version
    return None


def is_declared(deployment: Deployment, manifest: Manifest, version: str) -> bool:
    """Return whether the deployment is that version on the declared machines; traffic is another matter."""
    machines = (deployment.machine_type, deployment.min_replicas, deployment.max_replicas)
    wanted = (manifest.machine_type, manifest.min_replicas, manifest.max_replicas)
    return (deployment.model, deployment.version, machines) == (manifest.model, version, wanted)


def subject_of(manifest: Manifest) -> str:
    """Return what the findings call the deployment that the manifest declares."""
    return f"{manifest.model}@{manifest.alias} on endpoint {manifest.endpoint}"


def deployment_findings(held: Inventory, manifests: Manifests) -> tuple[Finding, ...]:
    """Return one finding a usable manifest: PASS when the declared version alone has all the traffic."""
    return tuple(_finding(held, manifest) for manifest in manifests.usable)


def _finding(held: Inventory, manifest: Manifest) -> Finding:
    subject = subject_of(manifest)
    version = declared_version(held, manifest)
    if version is None:
        found = f"no version of {manifest.model} has the alias {manifest.alias} on {held.side}"
        return finding("deployment-matches", Verdict.FAIL, subject, found)
    expected = f"version {version} on {manifest.machine_type} with {ALL_TRAFFIC} % of the traffic"
    serving = [d for d in held.deployments if d.endpoint == manifest.endpoint]
    found = ", ".join(f"version {d.version} on {d.machine_type} with {d.traffic} %" for d in serving) or "nothing"
    holds = any(is_declared(d, manifest, version) and d.traffic == ALL_TRAFFIC for d in serving)
    verdict = Verdict.PASS if holds else Verdict.FAIL
    return finding("deployment-matches", verdict, subject, found, expected=expected)

"""Use case: make the endpoints of this side serve what Terraform declares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from vertex_dr.kernel.assets import AssetKind
from vertex_dr.kernel.errors import NotFound
from vertex_dr.replication.deployments.manifests import (
    ALL_TRAFFIC,
    Manifests,
    declared_version,
    deployment_findings,
    is_declared,
    read_manifests,
    subject_of,
)
from vertex_dr.replication.execution import PlannedUseCase
from vertex_dr.replication.steps import DeployVersion, Plan, ShiftTraffic, Skipped, Step, UndeployModel

if TYPE_CHECKING:
    from vertex_dr.kernel.settings import Settings
    from vertex_dr.replication.journal import Finding, Journal
    from vertex_dr.replication.observe import Observer
    from vertex_dr.replication.ports import ArtifactStore, Deployments
    from vertex_dr.replication.records import Deployment, Inventory, Manifest

__all__ = ["ReconcileModels", "ServedAndDeclared", "plan_reconcile"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedAndDeclared:
    """What this side holds and its endpoints serve, and what its manifests declare."""

    held: Inventory
    manifests: Manifests


@dataclass(frozen=True, kw_only=True)
class ReconcileModels(PlannedUseCase[ServedAndDeclared]):
    """Deploys the declared alias's version to each manifest's endpoint, with all traffic, and undeploys the others."""

    own_side: Observer
    store: ArtifactStore
    deployments: Deployments

    def observe(self) -> ServedAndDeclared:
        """Return what this side holds and serves, and its manifests; one whose endpoint is not there is left out."""
        declared = read_manifests(self.store, self.settings)
        held = self.own_side.observe((AssetKind.MODEL_VERSION, AssetKind.DEPLOYMENT))
        serving = list(held.deployments)
        left_out = list(declared.left_out)
        lost: set[str] = set()
        for endpoint in {m.endpoint for m in declared.usable} - {self.settings.own.endpoint}:
            try:
                serving.extend(self.deployments.of(endpoint))
            except NotFound as error:
                lost.add(endpoint)
                left_out.extend(_without_endpoint(m, error) for m in declared.usable if m.endpoint == endpoint)
        usable = tuple(m for m in declared.usable if m.endpoint not in lost)
        return ServedAndDeclared(
            held=msgspec.structs.replace(held, deployments=tuple(serving)),
            manifests=Manifests(usable=usable, left_out=tuple(left_out)),
        )

    def plan(self) -> Plan:
        """Return what has to be deployed, shifted and undeployed now; nothing is written."""
        return plan_reconcile(self.settings, self.observe())

    def perform(self, step: Step) -> str:
        """Do the step, and return the deployment's id; a run that was cut off is mended by the next one."""
        if isinstance(step, DeployVersion):
            return self.deployments.deploy(step.manifest, version=step.version)
        if isinstance(step, ShiftTraffic):
            self.deployments.shift_traffic(step.endpoint, to=step.deployment)
            return step.deployment
        if isinstance(step, UndeployModel):
            self.deployments.undeploy(step.endpoint, step.deployment)
            return step.deployment
        raise TypeError(f"reconcile_models has no step {type(step).__name__}")

    def findings(self, journal: Journal) -> tuple[Finding, ...]:
        """Return for each manifest whether its endpoint now serves what it declares."""
        seen = self.observe()
        return deployment_findings(seen.held, seen.manifests)


def _without_endpoint(manifest: Manifest, error: NotFound) -> Skipped:
    return Skipped(check="deployment-matches", subject=subject_of(manifest), problem=str(error))


def plan_reconcile(settings: Settings, seen: ServedAndDeclared) -> Plan:
    """Return the steps by which each endpoint serves its declared version alone, never with a gap.

    The new version is deployed and given the traffic before the old one goes.
    """
    steps: list[Step] = []
    held, skipped = seen.held, list(seen.manifests.left_out)
    for manifest in seen.manifests.usable:
        version = declared_version(held, manifest)
        if version is None:
            skipped.append(_missing(held, manifest))
            continue
        steps.extend(_reconcile(held, manifest, version))
    return Plan(
        entry_point="reconcile_models",
        side=settings.side,
        epoch=held.epoch,
        steps=tuple(steps),
        skipped=tuple(skipped),
    )


def _reconcile(held: Inventory, manifest: Manifest, version: str) -> list[Step]:
    subject = subject_of(manifest)
    steps: list[Step] = []
    serving = [d for d in held.deployments if d.endpoint == manifest.endpoint]
    # When an earlier run was cut off there may be two alike: the one that has the traffic stays.
    alike = sorted((d for d in serving if is_declared(d, manifest, version)), key=lambda d: (-d.traffic, d.id))
    if not alike:
        steps.append(
            DeployVersion(
                subject=subject,
                reason=f"the alias {manifest.alias} names version {version}; the endpoint serves {_spelled(serving)}",
                manifest=manifest,
                version=version,
            )
        )
    elif alike[0].traffic != ALL_TRAFFIC:
        steps.append(
            ShiftTraffic(
                subject=subject,
                reason=f"it has {alike[0].traffic} % of the traffic",
                endpoint=manifest.endpoint,
                deployment=alike[0].id,
            )
        )
    kept = {d.id for d in alike[:1]}
    steps.extend(
        UndeployModel(
            subject=subject,
            reason=f"version {d.version} of {d.model} on {d.machine_type} is not what is declared",
            endpoint=manifest.endpoint,
            deployment=d.id,
        )
        for d in serving
        if d.id not in kept
    )
    return steps


def _missing(held: Inventory, manifest: Manifest) -> Skipped:
    known = sorted({a for v in held.model_versions if v.model == manifest.model for a in v.aliases})
    found = f"its aliases here are {', '.join(known)}" if known else f"{held.side} has no version of it"
    return Skipped(
        check="deployment-matches",
        subject=subject_of(manifest),
        problem=f"no version of {manifest.model} has the alias {manifest.alias}: {found}; register one, or run "
        f"import_models on {held.side}",
    )


def _spelled(serving: list[Deployment]) -> str:
    return ", ".join(f"version {d.version} on {d.machine_type} ({d.traffic} %)" for d in serving) or "nothing"

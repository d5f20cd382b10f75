"""Use case: make the endpoints of this side serve what Terraform declares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from vertex_dr.kernel.assets import AssetKind
from vertex_dr.kernel.errors import NotFound
from vertex_dr.replication.deployments.findings import deployment_findings
from vertex_dr.replication.deployments.manifests import read_manifests
from vertex_dr.replication.deployments.plan import plan_reconcile, subject_of
from vertex_dr.replication.execution import PlannedUseCase
from vertex_dr.replication.steps import DeployVersion, ShiftTraffic, Skipped, UndeployModel

if TYPE_CHECKING:
    from vertex_dr.replication.journal import Finding, Journal
    from vertex_dr.replication.observe import Observer
    from vertex_dr.replication.ports import ArtifactStore, Deployments
    from vertex_dr.replication.records import Inventory, Manifest
    from vertex_dr.replication.steps import Plan, Step

__all__ = ["ReconcileModels"]


@dataclass(frozen=True, kw_only=True)
class ReconcileModels(PlannedUseCase):
    """Deploys the declared alias's version to each manifest's endpoint, with all traffic, and undeploys the others."""

    observer: Observer
    store: ArtifactStore
    deployments: Deployments

    def observe(self) -> tuple[Inventory, tuple[Manifest, ...], tuple[Skipped, ...]]:
        """Return what this side holds and serves, its manifests, and those manifests that cannot be used."""
        manifests, damaged = read_manifests(self.store, self.settings)
        own = self.observer.observe((AssetKind.MODEL_VERSION, AssetKind.DEPLOYMENT))
        serving = list(own.deployments)
        missing: list[Skipped] = []
        for endpoint in {m.endpoint for m in manifests} - {self.settings.own.endpoint}:
            try:
                serving.extend(self.deployments.of(endpoint))
            except NotFound as error:
                missing.extend(_without_endpoint(m, error) for m in manifests if m.endpoint == endpoint)
        lost = {s.subject for s in missing}
        usable = tuple(m for m in manifests if subject_of(m) not in lost)
        return msgspec.structs.replace(own, deployments=tuple(serving)), usable, (*damaged, *missing)

    def plan(self) -> Plan:
        """Return what has to be deployed, shifted and undeployed now; nothing is written."""
        return plan_reconcile(self.settings, *self.observe())

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
        own, manifests, _ = self.observe()
        return deployment_findings(own, manifests)


def _without_endpoint(manifest: Manifest, error: NotFound) -> Skipped:
    return Skipped(check="deployment-matches", subject=subject_of(manifest), problem=str(error))

"""Decide what makes an endpoint serve what its manifest declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vertex_dr.replication.steps import DeployVersion, Plan, ShiftTraffic, Skipped, Step, UndeployModel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vertex_dr.kernel.settings import Settings
    from vertex_dr.replication.records import Deployment, Inventory, Manifest

__all__ = ["declared_version", "is_declared", "plan_reconcile", "subject_of"]

_ALL_TRAFFIC = 100


def plan_reconcile(
    settings: Settings, own: Inventory, manifests: Iterable[Manifest], damaged: tuple[Skipped, ...] = ()
) -> Plan:
    """Return the steps by which each endpoint serves its declared version alone, never with a gap.

    The new version is deployed and given the traffic before the old one goes.
    """
    steps: list[Step] = []
    skipped = list(damaged)
    for manifest in manifests:
        version = declared_version(own, manifest)
        if version is None:
            skipped.append(_missing(own, manifest))
            continue
        steps.extend(_reconcile(own, manifest, version))
    return Plan(
        entry_point="reconcile_models",
        side=settings.side,
        epoch=own.epoch,
        steps=tuple(steps),
        skipped=tuple(skipped),
    )


def declared_version(own: Inventory, manifest: Manifest) -> str | None:
    """Return the number of the version that carries the manifest's alias here, or None."""
    for version in own.model_versions:
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


def _reconcile(own: Inventory, manifest: Manifest, version: str) -> list[Step]:
    subject = subject_of(manifest)
    steps: list[Step] = []
    serving = [d for d in own.deployments if d.endpoint == manifest.endpoint]
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
    elif alike[0].traffic != _ALL_TRAFFIC:
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


def _missing(own: Inventory, manifest: Manifest) -> Skipped:
    known = sorted({a for v in own.model_versions if v.model == manifest.model for a in v.aliases})
    found = f"its aliases here are {', '.join(known)}" if known else f"{own.side} has no version of it"
    return Skipped(
        check="deployment-matches",
        subject=subject_of(manifest),
        problem=f"no version of {manifest.model} has the alias {manifest.alias}: {found}; register one, or run "
        f"import_models on {own.side}",
    )


def _spelled(serving: list[Deployment]) -> str:
    return ", ".join(f"version {d.version} on {d.machine_type} ({d.traffic} %)" for d in serving) or "nothing"

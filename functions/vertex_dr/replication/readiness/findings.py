"""What a drift says about a side's readiness, asset by asset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vertex_dr.kernel.verdict import Verdict
from vertex_dr.replication.checks import finding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from vertex_dr.kernel.settings import PolicySettings
    from vertex_dr.replication.journal import Finding
    from vertex_dr.replication.records import Drift, Inventory, ModelVersion

__all__ = ["lag_seconds", "replica_findings"]


def lag_seconds(drift: Drift, *, now: datetime) -> float:
    """Return the age of the oldest version that the target lacks, or 0 when it lacks none."""
    return max((_age(v, now) for v in drift.missing_versions), default=0.0)


def replica_findings(
    source: Inventory, own: Inventory, drift: Drift, *, policy: PolicySettings, now: datetime
) -> tuple[Finding, ...]:
    """Return one finding for each version, image and pipeline of the source.

    A missing version is within the objective, and no reason to refuse a failover, as long as it is younger than the
    RPO and the source does not serve it.
    """
    return (*_versions(source, drift, policy, now), *_images(source, own, drift), *_pipelines(source, own, drift))


def _versions(source: Inventory, drift: Drift, policy: PolicySettings, now: datetime) -> Iterator[Finding]:
    missing = {v.identity for v in drift.missing_versions}
    stale = {s.source.identity: s for s in drift.stale_versions}
    served = {(d.model, d.version) for d in source.deployments if d.traffic}
    for version in source.model_versions:
        if version.origin.side != source.side:
            continue
        if version.identity in missing:
            yield _missing(version, drift, policy, now, is_served=(version.model, version.version) in served)
            continue
        yield finding("model-replicated", Verdict.PASS, version.identity, f"registered on {drift.target}")
        if version.identity in stale:
            found = f"differs in {', '.join(stale[version.identity].differs)}"
            yield finding("model-matches", Verdict.FAIL, version.identity, found)
        else:
            yield finding("model-matches", Verdict.PASS, version.identity, "equal")


def _missing(version: ModelVersion, drift: Drift, policy: PolicySettings, now: datetime, *, is_served: bool) -> Finding:
    age = _age(version, now)
    late = is_served or age > policy.rpo_objective_seconds
    served = f", and {drift.source} serves it" if is_served else ""
    return finding(
        "model-replicated",
        Verdict.FAIL if late else Verdict.PASS,
        version.identity,
        f"not on {drift.target} {age:.0f} s after it was registered{served}",
        expected=f"registered here within {policy.rpo_objective_seconds:.0f} s, at once if it is served",
    )


def _images(source: Inventory, own: Inventory, drift: Drift) -> Iterator[Finding]:
    missing = {image.identity for image in drift.missing_images}
    here = {image.identity for image in own.images}
    for image in source.images:
        if image.identity not in missing:
            yield finding("image-mirrored", Verdict.PASS, image.identity, "held by that digest, with its tags")
        elif image.identity in here:
            found = f"the digest is held, not all of its tags ({', '.join(image.tags)})"
            yield finding("image-mirrored", Verdict.FAIL, image.identity, found)
        else:
            found = f"{drift.target}'s repository has no such digest"
            yield finding("image-mirrored", Verdict.FAIL, image.identity, found)


def _pipelines(source: Inventory, own: Inventory, drift: Drift) -> Iterator[Finding]:
    missing = {package.identity for package in drift.missing_pipelines}
    here = {package.identity for package in own.pipelines}
    for package in source.pipelines:
        if package.identity not in missing:
            yield finding("pipeline-published", Verdict.PASS, package.identity, "held, with its tags")
        elif package.identity in here:
            found = f"the version is held, not all of its tags ({', '.join(package.tags)})"
            yield finding("pipeline-published", Verdict.FAIL, package.identity, found)
        else:
            found = f"{drift.target}'s repository has no such version"
            yield finding("pipeline-published", Verdict.FAIL, package.identity, found)


def _age(version: ModelVersion, now: datetime) -> float:
    return (now - version.created_at).total_seconds()

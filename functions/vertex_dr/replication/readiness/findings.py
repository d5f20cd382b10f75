"""What a drift says about a side's readiness, asset by asset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vertex_dr.kernel.verdict import Verdict
from vertex_dr.replication.journal import finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from vertex_dr.kernel.settings import PolicySettings
    from vertex_dr.replication.compare import BothSides, Tagged
    from vertex_dr.replication.journal import Finding
    from vertex_dr.replication.records import Drift, Inventory, ModelVersion

__all__ = ["lag_seconds", "replica_findings"]


def lag_seconds(drift: Drift, *, now: datetime) -> float:
    """Return the age of the oldest version that the target lacks, or 0 when it lacks none."""
    return max((_age(v, now) for v in drift.missing_versions), default=0.0)


def replica_findings(sides: BothSides, drift: Drift, *, policy: PolicySettings, now: datetime) -> tuple[Finding, ...]:
    """Return one finding for each version, image and pipeline of the source.

    A missing version is within the objective, and no reason to refuse a failover, as long as it is younger than the
    RPO and the source does not serve it.
    """
    source, target = sides.source, sides.target
    return (
        *_versions(source, drift, policy, now),
        *_held("image-mirrored", source.images, target.images, drift.missing_images),
        *_held("pipeline-published", source.pipelines, target.pipelines, drift.missing_pipelines),
    )


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


def _held(check: str, wanted: Iterable[Tagged], held: Iterable[Tagged], lacking: Iterable[Tagged]) -> Iterator[Finding]:
    missing = {asset.identity for asset in lacking}
    here = {asset.identity for asset in held}
    for asset in wanted:
        if asset.identity not in missing:
            yield finding(check, Verdict.PASS, asset.identity, "held, with its tags")
        elif asset.identity in here:
            found = f"held, not with all of its tags ({', '.join(asset.tags)})"
            yield finding(check, Verdict.FAIL, asset.identity, found)
        else:
            yield finding(check, Verdict.FAIL, asset.identity, "the own repository lacks it")


def _age(version: ModelVersion, now: datetime) -> float:
    return (now - version.created_at).total_seconds()

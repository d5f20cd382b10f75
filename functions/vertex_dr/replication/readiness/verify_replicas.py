"""Use case: tell whether this side could take over now, by looking at both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vertex_dr.kernel.errors import Unreachable
from vertex_dr.kernel.verdict import Verdict, worst
from vertex_dr.replication.compare import BothSides
from vertex_dr.replication.deployments.manifests import deployment_findings, read_manifests
from vertex_dr.replication.journal import Proof, finding
from vertex_dr.replication.models.findings import artifact_findings
from vertex_dr.replication.observe import newest_catalog
from vertex_dr.replication.readiness.findings import lag_seconds, replica_findings

if TYPE_CHECKING:
    from vertex_dr.kernel.clock import Clock
    from vertex_dr.kernel.settings import Settings
    from vertex_dr.replication.journal import Finding
    from vertex_dr.replication.observe import Observer
    from vertex_dr.replication.ports import ArtifactStore, Fence, ProofLog
    from vertex_dr.replication.records import Drift

__all__ = ["Observation", "VerifyReplicas"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What both sides hold, and the finding that says how the other side was seen."""

    sides: BothSides
    source_observed: Finding


@dataclass(frozen=True, slots=True)
class VerifyReplicas:
    """Proves this side against the other one and keeps the proof as this side's readiness."""

    settings: Settings
    own_side: Observer
    other_side: Observer
    store: ArtifactStore
    fence: Fence
    readiness: ProofLog
    clock: Clock

    def observe(self) -> Observation:
        """Return what both sides hold, and how the other side was seen.

        A dark region is represented by its newest catalog. Raises Unreachable when it is dark and has published none.
        """
        other = self.settings.side.other
        try:
            source = self.other_side.observe()
            seen = f"{other} itself at {source.observed_at:%Y-%m-%dT%H:%M:%SZ}"
        except Unreachable as dark:
            catalog = newest_catalog(self.store, self.settings, other)
            if catalog is None:
                raise Unreachable(
                    f"verify {self.settings.side} against {other}",
                    found=f"{other} does not answer ({dark}) and has published no catalog",
                    then=f"run verify_replicas again when {other} is back",
                ) from dark
            source = catalog.inventory
            seen = f"catalog {catalog.sequence} of {source.observed_at:%Y-%m-%dT%H:%M:%SZ}: {other} does not answer"
        return Observation(
            sides=BothSides(source=source, target=self.own_side.observe(), active=self.fence.active()),
            source_observed=finding("source-observed", Verdict.PASS, str(other), seen),
        )

    def compare(self) -> Drift:
        """Return what this side lacks of what the other side holds."""
        return self.observe().sides.compare()

    def prove(self) -> Proof:
        """Return whether this side could take over now; nothing is written."""
        seen = self.observe()
        drift = seen.sides.compare()
        manifests = read_manifests(self.store, self.settings)
        now = self.clock()
        findings = (
            seen.source_observed,
            *replica_findings(seen.sides, drift, policy=self.settings.policy, now=now),
            *artifact_findings(self.store, seen.sides),
            *(finding(m.check, Verdict.FAIL, m.subject, m.problem) for m in manifests.left_out),
            *deployment_findings(seen.sides.target, manifests),
        )
        return Proof(
            verdict=worst(f.verdict for f in findings),
            observed_at=now,
            lag_seconds=lag_seconds(drift, now=now),
            findings=findings,
        )

    def run(self) -> Proof:
        """Prove, keep the proof as this side's readiness, and return it; repeating replaces the readiness."""
        proof = self.prove()
        self.readiness.record(proof)
        return proof

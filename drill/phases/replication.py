"""Phase 4: the scheduled functions bring everything to dr, which could then take over; one version comes too late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drill.breaking import corrupt_staged_artifact, serve_older_version
from drill.checkpoint import REPLICATED
from drill.checks.golden import predicts_golden
from drill.checks.sides_compared import compare_sides
from drill.phases.registration import register
from drill.sabotage import Sabotage
from vertex_dr.kernel.sides import Side
from vertex_dr.kernel.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from drill.context import Drill
    from drill.evidence.records import Finding

__all__ = ["Replication"]

_STOPPING = {Sabotage.MODEL_NOT_REPLICATED, Sabotage.IMAGE_NOT_MIRRORED, Sabotage.ARTIFACT_CORRUPTED}


class Replication:
    """Each function runs through its scheduler job; then both sides are observed and compared."""

    title = "the scheduled functions replicate to dr"

    def run(self, drill: Drill) -> Iterator[Finding]:
        """Export, mirror, publish, import, reconcile, verify, predict; then register one more in primary."""
        if drill.phases_done < REPLICATED:
            yield from self._replicate(drill)
        if drill.logbook.has_failed or drill.sabotage in _STOPPING:
            return  # what is missing cannot be deployed: dr's predictions would only say the same again
        if drill.sabotage is Sabotage.GOLDEN_MISMATCH:
            serve_older_version(drill)
        yield predicts_golden(drill, Side.DR)
        if drill.phases_done < REPLICATED:
            with drill.progress.step("register one more version in primary, after the last replication"):
                register(drill, "third", Side.PRIMARY, aliases=("late",), is_default=False)

    def _replicate(self, drill: Drill) -> Iterator[Finding]:
        works = [("export_models", Side.PRIMARY), ("publish_pipelines", Side.DR)]
        if drill.sabotage is not Sabotage.IMAGE_NOT_MIRRORED:
            works.append(("mirror_images", Side.DR))
        yield from drill.together(*(lambda work=work: drill.job(*work) for work in works))
        if drill.sabotage is Sabotage.ARTIFACT_CORRUPTED:
            corrupt_staged_artifact(drill)
        if drill.sabotage is not Sabotage.MODEL_NOT_REPLICATED:
            yield drill.job("import_models", Side.DR)
        with drill.progress.step("compare both sides"):
            sides = drill.together(*(lambda s=s: drill.inventory(s) for s in Side))
            findings = list(compare_sides(drill, *sides))
        yield from findings
        if all(finding.verdict is Verdict.PASS for finding in findings):
            yield drill.job("reconcile_models", Side.DR)
            yield drill.job("verify_replicas", Side.DR)

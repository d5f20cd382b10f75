"""Whether the files of artifacts are what the catalog says, in the artifact bucket and in staging."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vertex_dr.kernel.verdict import Verdict
from vertex_dr.replication.artifacts import ArtifactDigest
from vertex_dr.replication.journal import finding

if TYPE_CHECKING:
    from vertex_dr.replication.compare import BothSides
    from vertex_dr.replication.journal import Finding
    from vertex_dr.replication.ports import ArtifactStore

__all__ = ["artifact_findings"]


def artifact_findings(store: ArtifactStore, sides: BothSides) -> tuple[Finding, ...]:
    """Return one finding for each published artifact of the source, and one for each replica's staged files."""
    source = sides.source
    staged = {v.identity: v.artifact for v in sides.target.model_versions if v.origin.side == source.side}
    findings: list[Finding] = []
    for version in source.model_versions:
        if version.artifact is None or version.origin.side != source.side:
            continue
        published = ArtifactDigest.of(version.artifact.uri, store.files(version.artifact.uri))
        copies = [copy for copy in (published, staged.get(version.identity)) if copy is not None]
        findings.extend(_intact(version.identity, version.artifact, copy) for copy in copies)
    return tuple(findings)


def _intact(subject: str, expected: ArtifactDigest, copy: ArtifactDigest) -> Finding:
    difference = expected.first_difference(copy.files)
    if difference is None:
        return finding("artifact-intact", Verdict.PASS, subject, f"{len(copy.files)} file(s) in {copy.uri}")
    uri = f"{copy.uri}{difference.name}"
    return finding(
        "artifact-intact",
        Verdict.FAIL,
        subject,
        f"{uri} is {difference.found}",
        expected=f"{uri}: {difference.expected}",
    )

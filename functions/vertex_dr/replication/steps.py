"""Steps: the tagged union of what a plan may do, each with its reason; each may be repeated."""

from __future__ import annotations

from typing import ClassVar

from vertex_dr.kernel.records import Record
from vertex_dr.kernel.sides import Side
from vertex_dr.replication.artifacts import ArtifactDigest, FileDigest
from vertex_dr.replication.records import Manifest, ModelVersion

__all__ = [
    "DeployVersion",
    "DescribeVersion",
    "ExportArtifact",
    "MirrorImage",
    "Plan",
    "PublishCatalog",
    "PublishPackage",
    "SetAliases",
    "ShiftTraffic",
    "Skipped",
    "StageFile",
    "StartPipeline",
    "Step",
    "UndeployModel",
    "UploadVersion",
]


class _Step(Record, frozen=True, kw_only=True, tag_field="step"):
    """An action: `subject` groups the actions on one asset, so that a failure stops these and no others."""

    check: ClassVar[str]
    subject: str
    reason: str


class ExportArtifact(_Step, frozen=True, kw_only=True, tag="export-artifact"):
    """Export the version to the staging folder, then give its files their write-once names in the artifact bucket."""

    check: ClassVar[str] = "artifact-exported"
    model: str
    version: str
    staging: str
    destination: str


class PublishCatalog(_Step, frozen=True, kw_only=True, tag="publish-catalog"):
    """Write the side's inventory as its next catalog."""

    check: ClassVar[str] = "catalog-published"
    side: Side
    sequence: int


class StageFile(_Step, frozen=True, kw_only=True, tag="stage-file"):
    """Copy one file of an artifact into the side's own staging bucket; an existing copy must be the same."""

    check: ClassVar[str] = "artifact-intact"
    source: str
    destination: str
    expected: FileDigest


class UploadVersion(_Step, frozen=True, kw_only=True, tag="upload-version"):
    """Register the version as a replica, from the staged files, once every one of them is what the catalog says."""

    check: ClassVar[str] = "model-replicated"
    source: ModelVersion
    staged: ArtifactDigest
    image: str
    aliases: tuple[str, ...]


class SetAliases(_Step, frozen=True, kw_only=True, tag="set-aliases"):
    """Give the version these aliases and take these away."""

    check: ClassVar[str] = "model-matches"
    model: str
    version: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


class DescribeVersion(_Step, frozen=True, kw_only=True, tag="describe-version"):
    """Give the replica the names, descriptions and labels of its source."""

    check: ClassVar[str] = "model-matches"
    source: ModelVersion
    version: str


class MirrorImage(_Step, frozen=True, kw_only=True, tag="mirror-image"):
    """Copy an image by digest from the other side's repository into the own one, then set its tags."""

    check: ClassVar[str] = "image-mirrored"
    name: str
    digest: str
    tags: tuple[str, ...] = ()


class PublishPackage(_Step, frozen=True, kw_only=True, tag="publish-package"):
    """Publish a pipeline's version from the other side's repository in the own one, with its tags."""

    check: ClassVar[str] = "pipeline-published"
    package: str
    version: str
    tags: tuple[str, ...] = ()


class DeployVersion(_Step, frozen=True, kw_only=True, tag="deploy-version"):
    """Deploy the version to the endpoint and give it all traffic once it serves."""

    check: ClassVar[str] = "deployment-matches"
    manifest: Manifest
    version: str


class ShiftTraffic(_Step, frozen=True, kw_only=True, tag="shift-traffic"):
    """Give one deployed model all traffic of the endpoint."""

    check: ClassVar[str] = "deployment-matches"
    endpoint: str
    deployment: str


class UndeployModel(_Step, frozen=True, kw_only=True, tag="undeploy-model"):
    """Take a deployed model without traffic off the endpoint."""

    check: ClassVar[str] = "deployment-matches"
    endpoint: str
    deployment: str


class StartPipeline(_Step, frozen=True, kw_only=True, tag="start-pipeline"):
    """Start one run of the pipeline in the side's own region."""

    check: ClassVar[str] = "pipeline-started"
    package: str
    version: str
    run_id: str
    service_account: str | None = None


Step = (
    ExportArtifact
    | PublishCatalog
    | StageFile
    | UploadVersion
    | SetAliases
    | DescribeVersion
    | MirrorImage
    | PublishPackage
    | DeployVersion
    | ShiftTraffic
    | UndeployModel
    | StartPipeline
)


class Skipped(Record, frozen=True, kw_only=True):
    """An asset that the plan leaves out, which of the checks it fails by that, and the sentence that says why."""

    check: str
    subject: str
    problem: str


class Plan(Record, frozen=True, kw_only=True):
    """Ordered, repeatable steps that remove a drift, decided at one epoch; and what it had to leave out."""

    schema: int = 1
    entry_point: str
    side: Side
    epoch: int
    steps: tuple[Step, ...] = ()
    skipped: tuple[Skipped, ...] = ()

    def only(self, *kinds: str) -> Plan:
        """Return the plan with only the steps of these kinds, such as `stage-file`."""
        kept = tuple(s for s in self.steps if s.__struct_config__.tag in kinds)
        return Plan(entry_point=self.entry_point, side=self.side, epoch=self.epoch, steps=kept, skipped=self.skipped)

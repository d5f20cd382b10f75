"""Every port of every capability under one name each: what a run is built on.

`GooglePorts` answers them with Google's services, `MemoryPorts` in tests. A capability that is added brings its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from vertex_dr.kernel.clock import Clock, Sleep
    from vertex_dr.kernel.ids import NewId
    from vertex_dr.kernel.journal import JournalLog
    from vertex_dr.kernel.sides import Side
    from vertex_dr.replication.ports import (
        ArtifactStore,
        Deployments,
        ImageRepository,
        ModelRegistry,
        PipelineRepository,
        PipelineRuns,
    )
    from vertex_dr.traffic.ports import (
        Copies,
        Functions,
        GoldenSource,
        Predictions,
        ProbeLog,
        ReadinessLog,
        SelectorReader,
        SelectorStore,
    )

__all__ = ["Ports"]


class Ports(Protocol):
    """The ports of one side's run; each is built when it is first asked for, so that a door loads what it uses."""

    @property
    def clock(self) -> Clock:
        """What tells the time."""

    @property
    def new_id(self) -> NewId:
        """What makes identifiers."""

    @property
    def artifacts(self) -> ArtifactStore:
        """Objects of artifacts, catalogs and manifests."""

    @property
    def journals(self) -> JournalLog:
        """Where the own side keeps its journals."""

    @property
    def pipeline_runs(self) -> PipelineRuns:
        """Pipeline runs in the own region."""

    @property
    def selector(self) -> SelectorStore:
        """The selector, to read and to flip; its epoch fences every step of replication."""

    @property
    def readiness(self) -> ReadinessLog:
        """What each side last said of its readiness."""

    def models(self, side: Side) -> ModelRegistry:
        """Return the side's model registry."""

    def images(self, side: Side) -> ImageRepository:
        """Return the side's image repository."""

    def pipelines(self, side: Side) -> PipelineRepository:
        """Return the side's pipeline repository."""

    def deployments(self, side: Side) -> Deployments:
        """Return what serves in the side's region."""

    @property
    def sleep(self) -> Sleep:
        """How to wait."""

    @property
    def selector_reader(self) -> SelectorReader:
        """The selector, to follow."""

    @property
    def copies(self) -> Copies:
        """The selector's copies."""

    @property
    def probes(self) -> ProbeLog:
        """The probers' trails."""

    @property
    def golden(self) -> GoldenSource:
        """The golden values."""

    @property
    def predictions(self) -> Predictions:
        """Predictions of both sides' endpoints."""

    @property
    def functions(self) -> Functions:
        """Calls to the side's other functions."""

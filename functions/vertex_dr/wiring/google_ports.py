"""The adapters of one run on Google Cloud: each built when it is first asked for, over one credential, one session."""

from __future__ import annotations

import time
from functools import cached_property
from typing import TYPE_CHECKING

from vertex_dr.adapters.google.clients import Clients
from vertex_dr.kernel import clock, ids

if TYPE_CHECKING:
    from vertex_dr.adapters.google.artifact_registry.images import DockerImages
    from vertex_dr.adapters.google.artifact_registry.pipelines import KfpPipelines
    from vertex_dr.adapters.google.firestore.documents import Documents
    from vertex_dr.adapters.google.firestore.probes import ProbesInFirestore
    from vertex_dr.adapters.google.firestore.readiness import ReadinessInFirestore
    from vertex_dr.adapters.google.firestore.selector import SelectorInFirestore
    from vertex_dr.adapters.google.firestore.selector_over_rest import SelectorOverRest
    from vertex_dr.adapters.google.functions.call import FunctionCalls
    from vertex_dr.adapters.google.http import Rest
    from vertex_dr.adapters.google.secrets.copies_reader import CopiesOverRest
    from vertex_dr.adapters.google.secrets.copies_writer import CopiesInGoogle
    from vertex_dr.adapters.google.storage.golden import GoldenInBucket
    from vertex_dr.adapters.google.storage.journals import JournalsInBucket
    from vertex_dr.adapters.google.storage.objects import StorageObjects
    from vertex_dr.adapters.google.vertex.deployments import VertexDeployments
    from vertex_dr.adapters.google.vertex.models import VertexModels
    from vertex_dr.adapters.google.vertex.pipeline_runs import VertexPipelineRuns
    from vertex_dr.adapters.google.vertex.predictions import PredictionsOverRest
    from vertex_dr.kernel.settings import Settings
    from vertex_dr.kernel.sides import Side

__all__ = ["GooglePorts"]

# ruff: noqa: PLC0415 - what flips the selector loads Firestore and nothing heavier, so each adapter comes when asked for


class GooglePorts:
    """Answers every port of every capability with Google's services."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.clients = Clients(settings)
        self.clock = clock.now
        self.new_id = ids.new_id
        self.sleep = time.sleep

    @cached_property
    def artifacts(self) -> StorageObjects:
        """Objects of artifacts, catalogs, manifests and replication's journals."""
        from vertex_dr.adapters.google.storage.objects import StorageObjects

        return StorageObjects(self.clients)

    def models(self, side: Side) -> VertexModels:
        """Return the side's model registry."""
        from vertex_dr.adapters.google.vertex.models import VertexModels

        return VertexModels(self.clients, self.settings.sides[side].region)

    def images(self, side: Side) -> DockerImages:
        """Return the side's image repository."""
        from vertex_dr.adapters.google.artifact_registry.images import DockerImages

        return DockerImages(self.clients, side)

    def pipelines(self, side: Side) -> KfpPipelines:
        """Return the side's pipeline repository."""
        from vertex_dr.adapters.google.artifact_registry.pipelines import KfpPipelines

        return KfpPipelines(self.clients, side)

    def deployments(self, side: Side) -> VertexDeployments:
        """Return what serves in the side's region."""
        from vertex_dr.adapters.google.vertex.deployments import VertexDeployments

        return VertexDeployments(self.clients, self.settings.sides[side].region)

    @cached_property
    def pipeline_runs(self) -> VertexPipelineRuns:
        """Pipeline runs in the own region."""
        from vertex_dr.adapters.google.vertex.pipeline_runs import VertexPipelineRuns

        return VertexPipelineRuns(self.clients, self.settings.side)

    @cached_property
    def selector(self) -> SelectorInFirestore:
        """The selector, to read and to flip."""
        from vertex_dr.adapters.google.firestore.selector import SelectorInFirestore

        return SelectorInFirestore(self._documents, service=self.settings.service)

    @cached_property
    def selector_reader(self) -> SelectorOverRest:
        """The selector, to follow: plain REST, no client library."""
        from vertex_dr.adapters.google.firestore.selector_over_rest import SelectorOverRest

        return SelectorOverRest(
            self._rest,
            address=self._url("firestore"),
            project=self.settings.project,
            database=self.settings.selector_database,
            service=self.settings.service,
        )

    @cached_property
    def copies(self) -> CopiesOverRest:
        """The selector's copies, to read."""
        from vertex_dr.adapters.google.secrets.copies_reader import CopiesOverRest

        return CopiesOverRest(
            self._rest,
            storage=self._url("storage"),
            secrets=self._url("secretmanager"),
            project=self.settings.project,
            secret=self.settings.selector_secret,
            bucket=self.settings.artifact_bucket,
            service=self.settings.service,
        )

    @cached_property
    def copy_writer(self) -> CopiesInGoogle:
        """The selector's copies, to write; its libraries take time to load, so a flip asks for it afterwards."""
        from vertex_dr.adapters.google.secrets.copies_writer import CopiesInGoogle

        return CopiesInGoogle(
            self.copies,
            secrets=self.clients.secrets(),
            storage=self.clients.storage(),
            project=self.settings.project,
            secret=self.settings.selector_secret,
            bucket=self.settings.artifact_bucket,
        )

    @cached_property
    def probes(self) -> ProbesInFirestore:
        """The probers' trails."""
        from vertex_dr.adapters.google.firestore.probes import ProbesInFirestore

        return ProbesInFirestore(self._documents, service=self.settings.service)

    @cached_property
    def readiness(self) -> ReadinessInFirestore:
        """What each side last said of its readiness."""
        from vertex_dr.adapters.google.firestore.readiness import ReadinessInFirestore

        return ReadinessInFirestore(self._documents, service=self.settings.service)

    @cached_property
    def golden(self) -> GoldenInBucket:
        """The golden values that training wrote."""
        from vertex_dr.adapters.google.storage.golden import GoldenInBucket

        return GoldenInBucket(
            self._rest,
            storage=self._url("storage"),
            bucket=self.settings.artifact_bucket,
            service=self.settings.service,
        )

    @cached_property
    def predictions(self) -> PredictionsOverRest:
        """Predictions of both sides' endpoints."""
        from vertex_dr.adapters.google.vertex.predictions import PredictionsOverRest

        return PredictionsOverRest(
            self._rest,
            project=self.settings.project,
            address=lambda region: self.clients.url(
                "aiplatform", region, google="https://{region}-aiplatform.googleapis.com"
            ),
        )

    @cached_property
    def functions(self) -> FunctionCalls:
        """Calls to the side's other functions."""
        from vertex_dr.adapters.google.functions.call import FunctionCalls

        return FunctionCalls()

    @cached_property
    def journals(self) -> JournalsInBucket:
        """Where the own side keeps journals of flips; asked for after a flip, for the same reason as copy_writer."""
        from vertex_dr.adapters.google.storage.journals import JournalsInBucket

        return JournalsInBucket(
            self.clients.storage(), bucket=self.settings.own.staging_bucket, clock=self.clock, new_id=self.new_id
        )

    @cached_property
    def _documents(self) -> Documents:
        from vertex_dr.adapters.google.firestore.documents import Documents

        return Documents(
            self.clients.firestore(), project=self.settings.project, database=self.settings.selector_database
        )

    @cached_property
    def _rest(self) -> Rest:
        from vertex_dr.adapters.google.http import Rest

        return Rest(self.clients.session())

    def _url(self, api: str) -> str:
        return (self.settings.endpoints.of(api) or f"https://{api}.googleapis.com").rstrip("/")

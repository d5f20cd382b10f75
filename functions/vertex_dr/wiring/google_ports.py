"""The adapters of one run on Google Cloud: each built when it is first asked for, over one credential, one session."""

from __future__ import annotations

import time
from functools import cached_property
from typing import TYPE_CHECKING

from vertex_dr.adapters.google.clients import Clients
from vertex_dr.kernel import clock, ids

if TYPE_CHECKING:
    from vertex_dr.adapters.google.artifact_registry.images import ArtifactRegistryImages
    from vertex_dr.adapters.google.artifact_registry.pipelines import ArtifactRegistryPipelines
    from vertex_dr.adapters.google.copies import GoogleCopies
    from vertex_dr.adapters.google.firestore.documents import FirestoreDocuments
    from vertex_dr.adapters.google.firestore.logs import FirestoreProbes, FirestoreReadiness
    from vertex_dr.adapters.google.firestore.selector import FirestoreSelector, FirestoreSelectorReader
    from vertex_dr.adapters.google.functions.call import FunctionCalls
    from vertex_dr.adapters.google.storage.golden import StorageGolden
    from vertex_dr.adapters.google.storage.journals import StorageJournals
    from vertex_dr.adapters.google.storage.objects import StorageObjects
    from vertex_dr.adapters.google.vertex.deployments import VertexDeployments
    from vertex_dr.adapters.google.vertex.models import VertexModels
    from vertex_dr.adapters.google.vertex.pipeline_runs import VertexPipelineRuns
    from vertex_dr.adapters.google.vertex.predictions import VertexPredictions
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
        """The objects of artifacts, catalogs and manifests."""
        from vertex_dr.adapters.google.storage.objects import StorageObjects

        return StorageObjects(self.clients)

    def models(self, side: Side) -> VertexModels:
        """Return the side's model registry."""
        from vertex_dr.adapters.google.vertex.models import VertexModels

        return VertexModels(self.clients, self.settings.sides[side].region)

    def images(self, side: Side) -> ArtifactRegistryImages:
        """Return the side's image repository."""
        from vertex_dr.adapters.google.artifact_registry.images import ArtifactRegistryImages

        return ArtifactRegistryImages(self.clients, side)

    def pipelines(self, side: Side) -> ArtifactRegistryPipelines:
        """Return the side's pipeline repository."""
        from vertex_dr.adapters.google.artifact_registry.pipelines import ArtifactRegistryPipelines

        return ArtifactRegistryPipelines(self.clients, side)

    def deployments(self, side: Side) -> VertexDeployments:
        """Return what serves in the side's region."""
        from vertex_dr.adapters.google.vertex.deployments import VertexDeployments

        return VertexDeployments(self.clients, self.settings.sides[side].region)

    @cached_property
    def pipeline_runs(self) -> VertexPipelineRuns:
        """The pipeline runs in the own region."""
        from vertex_dr.adapters.google.vertex.pipeline_runs import VertexPipelineRuns

        return VertexPipelineRuns(self.clients, self.settings.side)

    @cached_property
    def selector(self) -> FirestoreSelector:
        """The selector, to read and to flip."""
        from vertex_dr.adapters.google.firestore.selector import FirestoreSelector

        return FirestoreSelector(self._documents, service=self.settings.service)

    @cached_property
    def selector_reader(self) -> FirestoreSelectorReader:
        """The selector, to read without Firestore's client library."""
        from vertex_dr.adapters.google.firestore.selector import FirestoreSelectorReader

        return FirestoreSelectorReader(self.clients)

    @cached_property
    def copies(self) -> GoogleCopies:
        """The selector's copies, in a secret and in the artifact bucket."""
        from vertex_dr.adapters.google.copies import GoogleCopies, SecretManagerCopies, StorageCopies

        return GoogleCopies(SecretManagerCopies(self.clients), StorageCopies(self.clients))

    @cached_property
    def probes(self) -> FirestoreProbes:
        """The probers' trails."""
        from vertex_dr.adapters.google.firestore.logs import FirestoreProbes

        return FirestoreProbes(self._documents, service=self.settings.service)

    @cached_property
    def readiness(self) -> FirestoreReadiness:
        """The newest readiness of each side."""
        from vertex_dr.adapters.google.firestore.logs import FirestoreReadiness

        return FirestoreReadiness(self._documents, service=self.settings.service)

    @cached_property
    def golden(self) -> StorageGolden:
        """The golden values that training wrote."""
        from vertex_dr.adapters.google.storage.golden import StorageGolden

        return StorageGolden(self.clients)

    @cached_property
    def predictions(self) -> VertexPredictions:
        """The predictions of both sides' endpoints."""
        from vertex_dr.adapters.google.vertex.predictions import VertexPredictions

        return VertexPredictions(self.clients)

    @cached_property
    def functions(self) -> FunctionCalls:
        """The side's other functions, to call."""
        from vertex_dr.adapters.google.functions.call import FunctionCalls

        return FunctionCalls(self.clients)

    @cached_property
    def journals(self) -> StorageJournals:
        """The own side's journals; Cloud Storage takes time to load, so a flip asks for it afterwards."""
        from vertex_dr.adapters.google.storage.journals import StorageJournals

        return StorageJournals(
            clients=self.clients, bucket=self.settings.own.staging_bucket, clock=self.clock, new_id=self.new_id
        )

    @cached_property
    def _documents(self) -> FirestoreDocuments:
        from vertex_dr.adapters.google.firestore.documents import FirestoreDocuments

        return FirestoreDocuments(
            self.clients.firestore(), project=self.settings.project, database=self.settings.selector_database
        )

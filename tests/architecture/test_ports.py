"""Ports are Protocols of at most seven methods, each with a contract, and adapters and doubles have them all."""

from __future__ import annotations

import inspect

import pytest

from tests.memory.artifacts import MemoryArtifacts
from tests.memory.deployments import MemoryDeployments
from tests.memory.images import MemoryImages
from tests.memory.models import MemoryModels
from tests.memory.pipelines import MemoryPipelines, MemoryRuns
from vertex_dr.adapters.google.artifact_registry.images import ArtifactRegistryImages
from vertex_dr.adapters.google.artifact_registry.pipelines import ArtifactRegistryPipelines
from vertex_dr.adapters.google.storage.objects import StorageObjects
from vertex_dr.adapters.google.vertex.deployments import VertexDeployments
from vertex_dr.adapters.google.vertex.models import VertexModels
from vertex_dr.adapters.google.vertex.pipeline_runs import VertexPipelineRuns
from vertex_dr.replication import ports

IMPLEMENTED = {
    ports.ModelRegistry: (VertexModels, MemoryModels),
    ports.ArtifactStore: (StorageObjects, MemoryArtifacts),
    ports.ImageRepository: (ArtifactRegistryImages, MemoryImages),
    ports.PipelineRepository: (ArtifactRegistryPipelines, MemoryPipelines),
    ports.Deployments: (VertexDeployments, MemoryDeployments),
    ports.PipelineRuns: (VertexPipelineRuns, MemoryRuns),
}


def methods_of(port: type[object]) -> dict[str, object]:
    return {
        name: method
        for name, method in inspect.getmembers(port, inspect.isfunction)
        if not name.startswith("_") or name == "__call__"
    }


@pytest.mark.parametrize("name", ports.__all__)
def test_a_port_has_at_most_seven_methods_each_with_its_contract(name: str) -> None:
    methods = methods_of(getattr(ports, name))

    assert 1 <= len(methods) <= 7
    assert [m for m, method in methods.items() if not inspect.getdoc(method)] == []


@pytest.mark.parametrize(
    ("port", "implementation"),
    [(port, kind) for port, kinds in IMPLEMENTED.items() for kind in kinds],
    ids=lambda kind: kind.__name__,
)
def test_an_adapter_takes_what_its_port_says(port: type[object], implementation: type[object]) -> None:
    for name, method in methods_of(port).items():
        asked = list(inspect.signature(method).parameters)  # type: ignore[arg-type] # functions, as filtered above
        given = list(inspect.signature(getattr(implementation, name)).parameters)

        assert given == asked, name

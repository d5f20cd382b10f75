"""Ports are Protocols of at most seven methods, each with its contract; memory and Google answer every one of them."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path
from typing import Any

import pytest

import preflight.ports
import vertex_dr
from preflight.discovery.removals import ScratchRemovals
from preflight.google.names import GoogleNames
from preflight.google.ports import GooglePreflightPorts
from preflight.google.project import GoogleProjectFacts
from preflight.google.scratch import GoogleScratch
from preflight.google.scratch_accounts import GoogleScratchAccounts
from preflight.google.scratch_buckets import GoogleScratchBuckets
from preflight.google.scratch_models import GoogleScratchModels
from preflight.google.scratch_repositories import GoogleScratchRepositories
from tests.memory.artifacts import MemoryArtifacts
from tests.memory.deployments import MemoryDeployments
from tests.memory.images import MemoryImages
from tests.memory.journals import MemoryJournals
from tests.memory.models import MemoryModels
from tests.memory.pipelines import MemoryPipelines, MemoryRuns
from tests.memory.ports import MemoryPorts, SharedPorts
from tests.memory.preflight import (
    MemoryFacts,
    MemoryNames,
    MemoryPreflightPorts,
    MemoryScratch,
    MemoryScratchAccounts,
    MemoryScratchBuckets,
    MemoryScratchModels,
    MemoryScratchRepositories,
)
from tests.memory.traffic import (
    MemoryCopies,
    MemoryFunctions,
    MemoryGolden,
    MemoryPredictions,
    MemoryProbes,
    MemoryReadiness,
    MemorySelectors,
    Time,
)
from tests.replication.world import NOW, settings_of
from vertex_dr.adapters.google.artifact_registry.images import ArtifactRegistryImages
from vertex_dr.adapters.google.artifact_registry.pipelines import ArtifactRegistryPipelines
from vertex_dr.adapters.google.clients import Clients
from vertex_dr.adapters.google.copies import GoogleCopies
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
from vertex_dr.kernel.journal import JournalLog
from vertex_dr.kernel.sides import Side
from vertex_dr.wiring.bridges import DrAhead, ProofRecorder, SelectorFence
from vertex_dr.wiring.google_ports import GooglePorts
from vertex_dr.wiring.ports import Ports

_FOUND = {path.parent.name for path in Path(vertex_dr.__file__).parent.glob("*/ports.py")}
CAPABILITIES = sorted(_FOUND - {"wiring"})  # wiring names them together and has none of its own

# Each port by its capability and name: what answers it on Google Cloud and in memory.
ANSWERED: dict[str, tuple[type, type]] = {
    "kernel.JournalLog": (StorageJournals, MemoryJournals),
    "preflight.Names": (GoogleNames, MemoryNames),
    "preflight.ProjectFacts": (GoogleProjectFacts, MemoryFacts),
    "preflight.Removals": (ScratchRemovals, ScratchRemovals),
    "preflight.ScratchAccounts": (GoogleScratchAccounts, MemoryScratchAccounts),
    "preflight.ScratchBuckets": (GoogleScratchBuckets, MemoryScratchBuckets),
    "preflight.ScratchModels": (GoogleScratchModels, MemoryScratchModels),
    "preflight.ScratchRepositories": (GoogleScratchRepositories, MemoryScratchRepositories),
    "replication.ArtifactStore": (StorageObjects, MemoryArtifacts),
    "replication.Deployments": (VertexDeployments, MemoryDeployments),
    "replication.ImageRepository": (ArtifactRegistryImages, MemoryImages),
    "replication.ModelRegistry": (VertexModels, MemoryModels),
    "replication.PipelineRepository": (ArtifactRegistryPipelines, MemoryPipelines),
    "replication.PipelineRuns": (VertexPipelineRuns, MemoryRuns),
    "traffic.Copies": (GoogleCopies, MemoryCopies),
    "traffic.Functions": (FunctionCalls, MemoryFunctions),
    "traffic.GoldenSource": (StorageGolden, MemoryGolden),
    "traffic.Predictions": (VertexPredictions, MemoryPredictions),
    "traffic.ProbeLog": (FirestoreProbes, MemoryProbes),
    "traffic.ReadinessLog": (FirestoreReadiness, MemoryReadiness),
    "traffic.SelectorReader": (FirestoreSelectorReader, MemorySelectors),
    "traffic.SelectorStore": (FirestoreSelector, MemorySelectors),
}
# Ports of one capability that wiring answers with another's result, the same on Google Cloud and in memory.
BRIDGED: dict[str, type] = {
    "replication.Fence": SelectorFence,
    "replication.ProofLog": ProofRecorder,
    "traffic.Ahead": DrAhead,
}


# Objects that hold one of each port, and have no method of their own.
OBJECTS = {"preflight.Ports", "preflight.Scratch"}


def ports() -> dict[str, type]:
    modules = {name: importlib.import_module(f"vertex_dr.{name}.ports") for name in CAPABILITIES}
    modules["preflight"] = preflight.ports
    own = {f"{name}.{port}": getattr(module, port) for name, module in modules.items() for port in module.__all__}
    return {"kernel.JournalLog": JournalLog, **{name: port for name, port in own.items() if name not in OBJECTS}}


def methods_of(port: type) -> dict[str, Any]:
    return {
        name: method
        for name, method in inspect.getmembers(port, inspect.isfunction)
        if not name.startswith("_") or name == "__call__"
    }


def asked(method: Any) -> list[tuple[str, Any, Any, Any]]:
    """Return what a caller has to know of the method's parameters, and what it gets."""
    found = inspect.signature(method)
    parameters = [(p.name, p.kind, p.default, p.annotation) for p in found.parameters.values() if p.name != "self"]
    return [*parameters, ("return", None, None, found.return_annotation)]


def test_every_port_of_every_capability_is_answered() -> None:
    assert sorted(ports()) == sorted([*ANSWERED, *BRIDGED])


@pytest.mark.parametrize("name", ports())
def test_a_port_is_a_protocol_of_at_most_seven_methods_each_with_its_contract(name: str) -> None:
    port = ports()[name]
    methods = methods_of(port)

    assert getattr(port, "_is_protocol", False)
    assert inspect.getdoc(port)
    assert 1 <= len(methods) <= 7
    assert [method for method, code in methods.items() if not code.__doc__] == []


@pytest.mark.parametrize(
    ("name", "implementation"),
    [(name, kind) for name, kinds in ANSWERED.items() for kind in kinds] + list(BRIDGED.items()),
    ids=lambda found: found if isinstance(found, str) else found.__name__,
)
def test_whatever_answers_a_port_takes_and_returns_what_it_says(name: str, implementation: type) -> None:
    for method_name, method in methods_of(ports()[name]).items():
        assert asked(getattr(implementation, method_name)) == asked(method), method_name


@pytest.mark.parametrize("kind", [GooglePorts, MemoryPorts], ids=lambda kind: kind.__name__)
def test_the_object_of_ports_has_all_that_the_capabilities_are_built_on(kind: type) -> None:
    settings = settings_of(Side.DR)
    made = MemoryPorts(settings, SharedPorts(clock=Time(NOW))) if kind is MemoryPorts else GooglePorts(settings)
    wanted = {name for name in dir(Ports) if not name.startswith("_")}

    assert wanted - set(dir(made)) == set()


@pytest.mark.parametrize(
    ("made", "kind"),
    [
        (GooglePreflightPorts(settings_of(Side.DR)), preflight.ports.Ports),
        (MemoryPreflightPorts(), preflight.ports.Ports),
        (GoogleScratch(Clients(settings_of(Side.DR)), ScratchRemovals()), preflight.ports.Scratch),
        (MemoryScratch(ScratchRemovals(), Time(NOW)), preflight.ports.Scratch),
    ],
    ids=lambda found: getattr(found, "__name__", type(found).__name__),
)
def test_the_objects_of_preflights_ports_hold_one_of_each(made: object, kind: type) -> None:
    wanted = {name for name in vars(kind) if not name.startswith("_")}

    assert wanted
    assert wanted - set(dir(made)) == set()

"""Every port of every capability in memory: what tests give to the wiring that ships, in place of Google's."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.memory.artifacts import MemoryArtifacts
from tests.memory.deployments import MemoryDeployments
from tests.memory.images import MemoryImages
from tests.memory.journals import MemoryJournals
from tests.memory.models import MemoryModels
from tests.memory.pipelines import MemoryPipelines, MemoryRuns
from tests.memory.traffic import (
    MemoryCopies,
    MemoryFunctions,
    MemoryGolden,
    MemoryPredictions,
    MemoryProbes,
    MemoryReadiness,
    MemorySelectors,
    Numbers,
    ThreadTime,
    Time,
)
from vertex_dr.kernel.sides import Side
from vertex_dr.traffic.records import Golden

if TYPE_CHECKING:
    from vertex_dr.kernel.settings import Settings

__all__ = ["MemoryPorts", "MemoryRegion", "SharedPorts"]

INSTANCES, PREDICTIONS = [[1.0], [2.0]], [[0.1, 0.9], [0.2, 0.8]]


@dataclass(slots=True)
class MemoryRegion:
    """What one region has of its own."""

    models: MemoryModels
    images: MemoryImages
    deployments: MemoryDeployments
    pipelines: MemoryPipelines = field(default_factory=MemoryPipelines)
    runs: MemoryRuns = field(default_factory=MemoryRuns)


@dataclass
class SharedPorts:
    """What both sides have together."""

    clock: Time | ThreadTime
    new_id: Numbers = field(default_factory=Numbers)
    artifacts: MemoryArtifacts = field(default_factory=MemoryArtifacts)
    selector: MemorySelectors = field(default_factory=MemorySelectors)
    copies: MemoryCopies = field(default_factory=MemoryCopies)
    readiness: MemoryReadiness = field(default_factory=MemoryReadiness)
    probes: MemoryProbes = field(default_factory=MemoryProbes)
    golden: MemoryGolden = field(
        default_factory=lambda: MemoryGolden(Golden(instances=INSTANCES, predictions=PREDICTIONS, tolerance=1e-6))
    )
    functions: MemoryFunctions = field(default_factory=MemoryFunctions)
    journals: MemoryJournals = field(default_factory=MemoryJournals)
    regions: dict[Side, MemoryRegion] = field(default_factory=dict)


class MemoryPorts:
    """The ports of one side's run; `MemoryPorts(settings, shared)` is what GooglePorts(settings) is elsewhere."""

    def __init__(self, settings: Settings, shared: SharedPorts) -> None:
        self.settings = settings
        self.shared = shared
        for side, place in settings.sides.items():
            if side not in shared.regions:
                images = MemoryImages()
                shared.regions[side] = MemoryRegion(
                    models=MemoryModels(settings=settings, store=shared.artifacts, images=images),
                    images=images,
                    deployments=MemoryDeployments(serving={place.endpoint: []}),
                )
        for side in Side:
            shared.regions[side].images.other = shared.regions[side.other].images
        self.clock, self.new_id, self.sleep = shared.clock, shared.new_id, shared.clock.sleep
        self.artifacts, self.journals = shared.artifacts, shared.journals
        self.selector = self.selector_reader = shared.selector
        self.copies = shared.copies
        self.readiness, self.probes, self.golden = shared.readiness, shared.probes, shared.golden
        self.functions = shared.functions
        self.predictions = MemoryPredictions({place.region: PREDICTIONS for place in settings.sides.values()})
        self.pipeline_runs = shared.regions[settings.side].runs

    def models(self, side: Side) -> MemoryModels:
        return self.shared.regions[side].models

    def images(self, side: Side) -> MemoryImages:
        return self.shared.regions[side].images

    def pipelines(self, side: Side) -> MemoryPipelines:
        return self.shared.regions[side].pipelines

    def deployments(self, side: Side) -> MemoryDeployments:
        return self.shared.regions[side].deployments

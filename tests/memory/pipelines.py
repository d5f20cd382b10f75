"""A repository of compiled pipelines, and runs of them, in memory."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from tests.memory.scripted import FaultPlan, faulty
from vertex_dr.kernel.errors import NotFound, ReplicaMismatch
from vertex_dr.replication.records import PipelinePackage


@dataclass(slots=True)
class MemoryPipelines:
    """Implements PipelineRepository."""

    held: dict[tuple[str, str], bytes] = field(default_factory=dict)
    tags: dict[tuple[str, str], str] = field(default_factory=dict)
    faults: FaultPlan = field(default_factory=FaultPlan)

    @faulty
    def packages(self) -> tuple[PipelinePackage, ...]:
        found = [
            PipelinePackage(
                package=package,
                version=version,
                tags=tuple(sorted(t for (p, t), v in self.tags.items() if (p, v) == (package, version))),
            )
            for package, version in self.held
        ]
        return tuple(sorted(found, key=lambda p: p.identity))

    @faulty
    def resolve(self, package: str, tag: str) -> str:
        if (package, tag) not in self.tags:
            raise NotFound(f"resolve {package}:{tag}", found="there is none", then="push it")
        return self.tags[package, tag]

    @faulty
    def read(self, package: str, version: str) -> bytes:
        if (package, version) not in self.held:
            raise NotFound(f"read {package}@{version}", found="there is none", then="push it")
        return self.held[package, version]

    @faulty
    def publish(self, package: str, content: bytes, *, tags: tuple[str, ...]) -> str:
        if f"name: {package}\n".encode() not in content:
            raise ReplicaMismatch(f"publish {package}", found="the content names another one", then="rename it")
        version = "sha256:" + hashlib.sha256(content).hexdigest()
        self.held[package, version] = content
        for tag in tags:
            self.tags[package, tag] = version
        return version

    @faulty
    def tag(self, package: str, version: str, tag: str) -> None:
        if (package, version) not in self.held:
            raise NotFound(f"tag {package}@{version}", found="there is none", then="push it")
        self.tags[package, tag] = version


@dataclass(slots=True)
class MemoryRuns:
    """Implements PipelineRuns."""

    started: dict[str, str] = field(default_factory=dict)
    faults: FaultPlan = field(default_factory=FaultPlan)

    @faulty
    def start(self, *, package: str, version: str, run_id: str, service_account: str | None) -> str:
        self.started[run_id] = f"{package}@{version} as {service_account}"
        return f"projects/demo/locations/europe-west4/pipelineJobs/{run_id}"

"""Endpoints in memory."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from tests.memory.scripted import FaultPlan, faulty
from vertex_dr.kernel.errors import NotFound
from vertex_dr.replication.records import Deployment, Manifest

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(slots=True)
class MemoryDeployments:
    """Implements Deployments; `gaps` counts the moments in which an endpoint that served gave no traffic to anyone."""

    serving: dict[str, list[Deployment]] = field(default_factory=dict)
    faults: FaultPlan = field(default_factory=FaultPlan)
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    gaps: int = 0

    @faulty
    def of(self, endpoint: str) -> tuple[Deployment, ...]:
        if endpoint not in self.serving:
            raise NotFound(f"look at endpoint {endpoint}", found="there is none", then="apply Terraform")
        return tuple(self.serving[endpoint])

    @faulty
    def deploy(self, manifest: Manifest, *, version: str) -> str:
        for like in self.of(manifest.endpoint):
            if (like.model, like.version, like.machine_type) == (manifest.model, version, manifest.machine_type):
                return like.id
        others = [msgspec.structs.replace(d, traffic=0) for d in self.of(manifest.endpoint)]
        new = Deployment(
            endpoint=manifest.endpoint,
            id=str(next(self.ids)),
            model=manifest.model,
            version=version,
            machine_type=manifest.machine_type,
            min_replicas=manifest.min_replicas,
            max_replicas=manifest.max_replicas,
            traffic=100,
        )
        self.serving[manifest.endpoint] = [*others, new]
        return new.id

    @faulty
    def shift_traffic(self, endpoint: str, *, to: str) -> None:
        self.serving[endpoint] = [
            msgspec.structs.replace(d, traffic=100 if d.id == to else 0) for d in self.of(endpoint)
        ]

    @faulty
    def undeploy(self, endpoint: str, deployment: str) -> None:
        left = [d for d in self.of(endpoint) if d.id != deployment]
        self.gaps += bool(self.of(endpoint)) and not any(d.traffic for d in left)
        self.serving[endpoint] = left

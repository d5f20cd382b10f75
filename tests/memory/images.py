"""An image repository in memory."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.memory.scripted import FaultPlan, faulty
from vertex_dr.kernel.errors import NotFound
from vertex_dr.replication.records import Image


@dataclass(slots=True)
class MemoryImages:
    """Implements ImageRepository; `other` is the other side's."""

    other: MemoryImages | None = None
    held: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    faults: FaultPlan = field(default_factory=FaultPlan)

    @faulty
    def images(self) -> tuple[Image, ...]:
        found = [Image(name=n, digest=d, tags=tuple(sorted(tags))) for (n, d), tags in self.held.items()]
        return tuple(sorted(found, key=lambda image: image.identity))

    @faulty
    def resolve(self, name: str, tag: str) -> str:
        for (held, digest), tags in self.held.items():
            if held == name and (tag in tags or tag == digest):
                return digest
        raise NotFound(f"find {name}:{tag}", found="there is no such tag", then="push it")

    @faulty
    def pull_from_other_side(self, name: str, digest: str) -> None:
        if self.other is None or (name, digest) not in self.other.held:
            raise NotFound(f"pull {name}@{digest}", found="the other side lacks it", then="push it there")
        self.held.setdefault((name, digest), set())

    @faulty
    def tag(self, name: str, digest: str, tag: str) -> None:
        if (name, digest) not in self.held:
            raise NotFound(f"tag {name}@{digest}", found="there is no such image", then="push it")
        for (held, _), tags in self.held.items():
            if held == name:
                tags.discard(tag)
        self.held[name, digest].add(tag)

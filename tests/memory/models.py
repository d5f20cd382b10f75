"""A registry in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from tests.memory.scripted import FaultPlan, faulty
from vertex_dr.kernel.errors import BadInput, NotFound
from vertex_dr.replication.layout import side_image
from vertex_dr.replication.records import NewVersion, RegisteredVersion

if TYPE_CHECKING:
    from tests.memory.artifacts import MemoryArtifacts
    from tests.memory.images import MemoryImages
    from vertex_dr.kernel.settings import Settings

START = datetime(2026, 1, 1, 12, tzinfo=UTC)


@dataclass(slots=True)
class MemoryModels:
    """Implements ModelRegistry: it ingests, so what it was given from may go.

    The labels of the first upload are the model's, and show on every version.
    """

    settings: Settings
    store: MemoryArtifacts
    images: MemoryImages
    faults: FaultPlan = field(default_factory=FaultPlan)
    registered: list[RegisteredVersion] = field(default_factory=list)
    ingested: dict[tuple[str, str], dict[str, bytes]] = field(default_factory=dict)
    exports: int = 0
    model_labels: dict[str, dict[str, str]] = field(default_factory=dict)

    @faulty
    def versions(self, model: str | None = None) -> tuple[RegisteredVersion, ...]:
        found = [v for v in self.registered if model in {None, v.model}]
        return tuple(sorted(found, key=lambda v: (v.model, int(v.version))))

    @faulty
    def export(self, model: str, version: str, *, to: str) -> str:
        files = self.ingested.get((model, version))
        if not files:
            raise BadInput(f"export {model}@{version}", found="it has no artifact", then="register it with one")
        self.exports += 1
        folder = f"{to}model-{model}/custom-trained/2026-01-01T12:00:{self.exports:02d}.0Z/"
        for name, content in files.items():
            self.store.write_once(folder + name, content)
        return folder

    @faulty
    def upload(self, new: NewVersion) -> str:
        for seen in self.registered:
            if (seen.model, seen.artifact_uri, seen.container) == (new.model, new.artifact_uri, new.container):
                return seen.version
        reference = side_image(self.settings, new.container.image)
        known = reference is None or self.images.resolve(reference.image, reference.digest or reference.tag or "latest")
        prefix = new.artifact_uri.rstrip("/") + "/"
        files = {uri.removeprefix(prefix): c for uri, c in self.store.objects.items() if uri.startswith(prefix)}
        if not known or not files:
            raise BadInput(f"register {new.model}", found=f"nothing lies in {new.artifact_uri}", then="stage it")
        version = str(1 + sum(v.model == new.model for v in self.registered))
        aliases = new.aliases if version != "1" else tuple({*new.aliases, "default"})
        self._take(new.model, set(aliases))
        self.ingested[new.model, version] = files
        self.registered.append(
            RegisteredVersion(
                model=new.model,
                version=version,
                display_name=new.display_name,
                description=new.description,
                version_description=new.version_description,
                labels=self.model_labels.setdefault(new.model, dict(new.labels)) | new.labels,
                aliases=tuple(sorted(aliases)),
                created_at=START + timedelta(minutes=len(self.registered)),
                artifact_uri=new.artifact_uri,
                container=new.container,
            )
        )
        return version

    @faulty
    def set_aliases(self, model: str, version: str, *, add: tuple[str, ...], remove: tuple[str, ...]) -> None:
        self._at(model, version)
        self._take(model, {*add, *remove})
        index = self._at(model, version)
        seen = self.registered[index]
        self.registered[index] = msgspec.structs.replace(seen, aliases=tuple(sorted({*seen.aliases, *add})))

    @faulty
    def describe(self, new: NewVersion, *, version: str) -> None:
        index = self._at(new.model, version)
        self.registered[index] = msgspec.structs.replace(
            self.registered[index],
            display_name=new.display_name,
            description=new.description,
            version_description=new.version_description,
            labels=self.model_labels[new.model] | new.labels,
        )

    def _at(self, model: str, version: str) -> int:
        for index, seen in enumerate(self.registered):
            if (seen.model, seen.version) == (model, version):
                return index
        raise NotFound(f"find {model}@{version}", found="there is none", then="register it")

    def _take(self, model: str, aliases: set[str]) -> None:
        self.registered = [
            msgspec.structs.replace(v, aliases=tuple(a for a in v.aliases if a not in aliases))
            if v.model == model
            else v
            for v in self.registered
        ]

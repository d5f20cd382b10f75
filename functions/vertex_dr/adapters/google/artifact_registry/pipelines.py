"""The repository of compiled pipelines of one side, on Artifact Registry's KFP format."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from vertex_dr.adapters.google.calls import CALL_SECONDS, ask
from vertex_dr.kernel.errors import NotFound, ReplicaMismatch
from vertex_dr.replication.records import PipelinePackage

if TYPE_CHECKING:
    from vertex_dr.adapters.google.clients import Clients
    from vertex_dr.kernel.sides import Side

__all__ = ["ArtifactRegistryPipelines"]

_UPLOAD_SECONDS = 300.0


@dataclass(frozen=True)
class ArtifactRegistryPipelines:
    """Implements replication's PipelineRepository for one side."""

    clients: Clients
    side: Side

    @cached_property
    def _listing(self) -> Any:
        return self.clients.artifact_registry()

    @property
    def _url(self) -> str:
        of_side = self.clients.settings.sides[self.side]
        return (
            f"{self.clients.url('kfp', of_side.region)}/{self.clients.settings.project}/{of_side.pipeline_repository}"
        )

    @property
    def _parent(self) -> str:
        of_side = self.clients.settings.sides[self.side]
        project = self.clients.settings.project
        return f"projects/{project}/locations/{of_side.region}/repositories/{of_side.pipeline_repository}"

    def packages(self) -> tuple[PipelinePackage, ...]:
        """Return every version of every package with its tags, by package and version."""
        packages = ask(
            f"list the packages of {self._parent}",
            lambda: list(
                self._listing.list_packages(request={"parent": self._parent, "page_size": 1000}, timeout=CALL_SECONDS)
            ),
        )
        found = [version for package in packages for version in self._versions(package.name)]
        return tuple(sorted(found, key=lambda package: package.identity))

    def _versions(self, parent: str) -> list[PipelinePackage]:
        request = {"parent": parent, "page_size": 1000}
        versions = ask(
            f"list the versions of {parent}",
            lambda: list(self._listing.list_versions(request=request, timeout=CALL_SECONDS)),
        )
        tags: dict[str, list[str]] = {}
        for tag in ask(
            f"list the tags of {parent}", lambda: list(self._listing.list_tags(request=request, timeout=CALL_SECONDS))
        ):
            tags.setdefault(_last(tag.version), []).append(_last(tag.name))
        return [
            PipelinePackage(
                package=_last(parent), version=_last(v.name), tags=tuple(sorted(tags.get(_last(v.name), ())))
            )
            for v in versions
        ]

    def resolve(self, package: str, tag: str) -> str:
        """Return the version that the tag names now."""
        name = f"{self._parent}/packages/{package}/tags/{tag}"
        found = ask(f"resolve the tag {name}", lambda: self._listing.get_tag(name=name, timeout=CALL_SECONDS))
        return _last(found.version)

    def read(self, package: str, version: str) -> bytes:
        """Return the compiled pipeline."""
        url = f"{self._url}/{package}/{version}"
        tried = f"read the pipeline {url}"
        return ask(tried, lambda: self.clients.http.get(url, tried=tried, timeout_seconds=CALL_SECONDS))

    def publish(self, package: str, content: bytes, *, tags: tuple[str, ...]) -> str:
        """Make the compiled pipeline a version of the package, with these tags, and return the version."""
        tried = f"publish {package} in {self._url}"
        form = {"tags": ",".join(tags)} if tags else {}
        files = {"content": (f"{package}.yaml", content, "application/octet-stream")}
        answer = ask(
            tried,
            lambda: self.clients.http.send(
                "POST", self._url, tried=tried, timeout_seconds=_UPLOAD_SECONDS, data=form, files=files
            ),
        )
        named, _, version = answer.text.strip().partition("/")
        if named != package:
            raise ReplicaMismatch(
                tried, found=f"the pipeline's content names {named}", then="push it under the name that it carries"
            )
        return version

    def tag(self, package: str, version: str, tag: str) -> None:
        """Make the tag name that version."""
        parent = f"{self._parent}/packages/{package}"
        message = {"name": f"{parent}/tags/{tag}", "version": f"{parent}/versions/{version}"}
        tried = f"tag {package}@{version} as {tag} in {self._parent}"
        try:
            found = ask(tried, lambda: self._listing.get_tag(name=message["name"], timeout=CALL_SECONDS))
        except NotFound:
            request = {"parent": parent, "tag_id": tag, "tag": message}
            ask(tried, lambda: self._listing.create_tag(request=request, timeout=CALL_SECONDS))
            return
        if _last(found.version) != version:
            mask = {"paths": ["version"]}
            ask(
                tried,
                lambda: self._listing.update_tag(request={"tag": message, "update_mask": mask}, timeout=CALL_SECONDS),
            )


def _last(name: str) -> str:
    return name.rpartition("/")[2]

"""Packages, versions and tags of Artifact Registry, of Docker and KFP repositories alike."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from localcloud.core import paging
from localcloud.core.errors import ApiError
from localcloud.core.service import handles
from localcloud.services.artifactregistry.oci.errors import RegistryError
from localcloud.services.artifactregistry.sources import API

if TYPE_CHECKING:
    from localcloud.core.call import Call
    from localcloud.services.artifactregistry.contents import Contents
    from localcloud.services.artifactregistry.sources import PackageSource

_PREFIX = "projects.locations.repositories.packages"
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")


class Packages:
    """`projects.locations.repositories.packages` with versions and tags."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    @handles(f"{_PREFIX}.list")
    def list_packages(self, call: Call) -> dict[str, Any]:
        """Return the packages of the repository."""
        return _page(call, "packages", self._of(call).packages())

    @handles(f"{_PREFIX}.get")
    def get_package(self, call: Call) -> dict[str, Any]:
        """Return one package; raises ApiError 404."""
        return _one(call, "packagesId", self._of(call).packages())

    @handles(f"{_PREFIX}.delete")
    def delete_package(self, call: Call) -> dict[str, Any]:
        """Make the package go with all its versions; raises ApiError 404."""
        source, package = self._of(call), _id(call, "packagesId")
        _one(call, "packagesId", source.packages())
        for version in source.versions(package):
            source.remove_version(package, version["name"].rpartition("/")[2])
        return self._deleted(call)

    @handles(f"{_PREFIX}.versions.list")
    def list_versions(self, call: Call) -> dict[str, Any]:
        """Return the versions of the package, newest first."""
        return _page(call, "versions", self._of(call).versions(_id(call, "packagesId")))

    @handles(f"{_PREFIX}.versions.get")
    def get_version(self, call: Call) -> dict[str, Any]:
        """Return one version; raises ApiError 404."""
        return _one(call, "versionsId", self._of(call).versions(_id(call, "packagesId")))

    @handles(f"{_PREFIX}.versions.delete")
    def delete_version(self, call: Call) -> dict[str, Any]:
        """Make the version go; raises ApiError 404, or 400 while a tag is on it and force is not set."""
        source, package = self._of(call), _id(call, "packagesId")
        version = _one(call, "versionsId", source.versions(package))
        if version.get("relatedTags") and call.query.get("force") != "true":
            raise ApiError.failed_precondition(f"{call.name} is tagged; remove the tags first, or set force")
        source.remove_version(package, _id(call, "versionsId"))
        return self._deleted(call)

    @handles(f"{_PREFIX}.tags.list")
    def list_tags(self, call: Call) -> dict[str, Any]:
        """Return the tags of the package."""
        return _page(call, "tags", self._of(call).tags(_id(call, "packagesId")))

    @handles(f"{_PREFIX}.tags.get")
    def get_tag(self, call: Call) -> dict[str, Any]:
        """Return one tag; raises ApiError 404."""
        return _one(call, "tagsId", self._of(call).tags(_id(call, "packagesId")))

    @handles(f"{_PREFIX}.tags.create")
    def create_tag(self, call: Call) -> dict[str, Any]:
        """Make the tag name the version of the body; raises ApiError 409 when the tag exists."""
        source, package = self._of(call), _id(call, "packagesId")
        tag = call.query.get("tagId") or call.body.get("name", "").rpartition("/")[2]
        if any(found["name"].rpartition("/")[2] == tag for found in source.tags(package)):
            raise ApiError.already_exists(f"tag {tag!r} of {call.parent} already exists; patch it to move it")
        return self._set_tag(call, source, tag)

    @handles(f"{_PREFIX}.tags.patch")
    def patch_tag(self, call: Call) -> dict[str, Any]:
        """Make the tag name the version of the body."""
        return self._set_tag(call, self._of(call), _id(call, "tagsId"))

    @handles(f"{_PREFIX}.tags.delete")
    def delete_tag(self, call: Call) -> dict[str, Any]:
        """Make the tag go; raises ApiError 404."""
        source, package = self._of(call), _id(call, "packagesId")
        _one(call, "tagsId", source.tags(package))
        source.remove_tag(package, _id(call, "tagsId"))
        return {}

    def _set_tag(self, call: Call, source: PackageSource, tag: str) -> dict[str, Any]:
        package, version = _id(call, "packagesId"), call.body.get("version", "").rpartition("/")[2]
        if not _TAG.fullmatch(tag) or not version:
            raise ApiError.invalid(f"a tag needs an id and the name of a version, got {tag!r} and {version!r}")
        try:
            source.set_tag(package, tag, version)
        except RegistryError as error:
            raise ApiError.not_found(error.message) from error
        return next(found for found in source.tags(package) if found["name"].rpartition("/")[2] == tag)

    def _of(self, call: Call) -> PackageSource:
        return self._contents.source("/".join(call.name.split("/")[:6]))

    def _deleted(self, call: Call) -> dict[str, Any]:
        empty = {"@type": "type.googleapis.com/google.protobuf.Empty"}
        return self._contents.cloud.operations.done(API, "/".join(call.name.split("/")[:4]), empty)


def _id(call: Call, parameter: str) -> str:
    return unquote(call.params[parameter])


def _page(call: Call, field: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    return paging.listed(field, items, call.query)


def _one(call: Call, parameter: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    wanted = _id(call, parameter)
    for item in items:
        if unquote(item["name"].rpartition("/")[2]) == wanted:
            return item
    raise ApiError.not_found(f"{call.name} not found; push or upload it first")

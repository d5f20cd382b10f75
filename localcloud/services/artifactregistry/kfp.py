"""The data plane of KFP repositories: pipelines go up and down as text, the way of kfp's RegistryClient."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import yaml
from aiohttp import web

from localcloud.core.clock import now
from localcloud.core.errors import ApiError
from localcloud.iam.requests import Request
from localcloud.services.artifactregistry.oci.digest import Digest
from localcloud.services.artifactregistry.sources import API, PIPELINES, KfpSource

if TYPE_CHECKING:
    from localcloud.services.artifactregistry.contents import Contents

_PACKAGE = re.compile(r"[a-z0-9][a-z0-9-]{3,127}")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")
_PARTS_OF_REPOSITORY, _PARTS_OF_VERSION = 2, 4


class KfpPlane:
    """`{region}-kfp.pkg.dev/{project}/{repository}`."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    async def answer(self, request: web.Request, region: str | None) -> web.StreamResponse:
        """Answer POST of a pipeline to a repository, and GET of a version or tag; raises ApiError."""
        raw = request.raw_path.partition("?")[0].strip("/").split("/")
        parts = [unquote(part) for part in raw]
        if len(parts) < _PARTS_OF_REPOSITORY:
            raise ApiError.not_found(f"no pipeline is at {request.path}: expected /project/repository/…")
        repository = self._contents.repository_name(region or "", parts[0], parts[1])
        self._authorize(request, repository)
        found = self._contents.cloud.store.get(API, repository)
        if found is None or found["format"] != "KFP":
            raise ApiError.not_found(f"the KFP repository {repository} does not exist; create it first")
        if request.method == "POST" and len(parts) == _PARTS_OF_REPOSITORY:
            return await self._upload(request, repository)
        if request.method in {"GET", "HEAD"} and len(parts) == _PARTS_OF_VERSION:
            pipeline = self._contents.pipeline(region or "", *parts)
            if pipeline is None:
                raise ApiError.not_found(f"{repository} has no pipeline {parts[2]} {parts[3]}; upload it first")
            return web.Response(text=pipeline.text, content_type="application/yaml")
        raise ApiError.not_found(f"{request.method} {request.path} is nothing of a KFP repository")

    def _authorize(self, request: web.Request, repository: str) -> None:
        access = self._contents.cloud.access
        method = "kfp.upload" if request.method == "POST" else "kfp.download"
        principal = access.principal(request.headers, API, method)
        request["localcloud.principal"] = principal
        access.authorize(Request(api=API, method=method, path=repository), principal)

    async def _upload(self, request: web.Request, repository: str) -> web.Response:
        fields = await _fields(request)
        text = fields.get("content", "")
        package = _package_of(text)
        version = str(Digest.of(text.encode()))
        tags = [tag.strip() for tag in fields.get("tags", "").split(",") if tag.strip()]
        for tag in tags:
            if not _TAG.fullmatch(tag):
                raise ApiError.invalid(f"{tag!r} is no tag: letters, digits and . _ -, at most 128")
        self.keep_pipeline(repository, package, version, text)
        source = KfpSource(repository, self._contents.cloud.store)
        for tag in tags:
            source.set_tag(package, tag, version)
        return web.Response(text=f"{package}/{version}")

    def keep_pipeline(self, repository: str, package: str, version: str, text: str) -> None:
        """Make the repository have this version of the package. Repeating is safe."""
        store, moment = self._contents.cloud.store, now()
        name = f"{repository}/packages/{package}"
        present: dict[str, Any] = store.get(API, name) or {"name": name, "displayName": package, "createTime": moment}
        store.put(API, name, present | {"updateTime": moment})
        version_name = f"{name}/versions/{version}"
        if store.get(API, version_name) is None:
            store.put(API, version_name, {"name": version_name, "createTime": moment, "updateTime": moment})
        store.put(PIPELINES, version_name, {"text": text})


async def _fields(request: web.Request) -> dict[str, str]:
    """Return the fields of a multipart body; raises ApiError 400 for any other body."""
    if not request.content_type.startswith("multipart/"):
        raise ApiError.invalid(f"a pipeline is uploaded as multipart/form-data, not as {request.content_type}")
    form = await request.post()
    fields = {}
    for name, value in form.items():
        fields[name] = value.file.read().decode() if isinstance(value, web.FileField) else str(value)
    if not fields.get("content"):
        raise ApiError.invalid("the upload has no field `content`: put the compiled pipeline there")
    return fields


def _package_of(text: str) -> str:
    """Return the pipeline's name; raises ApiError 400 when the text is no compiled pipeline."""
    try:
        document: Any = next(iter(yaml.safe_load_all(text)), None)
        name = document["pipelineInfo"]["name"]
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise ApiError.invalid(f"the upload is no compiled pipeline with pipelineInfo.name: {error!r}") from None
    if not _PACKAGE.fullmatch(str(name)):
        raise ApiError.invalid(f"the pipeline's name {name!r} is no package name: 4 to 128 of [a-z0-9-]")
    return str(name)

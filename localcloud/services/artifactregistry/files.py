"""Files of Artifact Registry: the blobs of images and the texts of pipelines, as the control plane lists them."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from localcloud.core import paging
from localcloud.core.errors import ApiError
from localcloud.core.service import handles
from localcloud.services.artifactregistry.sources import API, PIPELINES, timestamp

if TYPE_CHECKING:
    from localcloud.core.call import Call
    from localcloud.services.artifactregistry.contents import Contents


class Files:
    """`projects.locations.repositories.files`, read only."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    @handles("projects.locations.repositories.files.list")
    def list_files(self, call: Call) -> dict[str, Any]:
        """Return the files of the repository; raises ApiError 404, or 501 for a filter."""
        if call.query.get("filter"):
            raise ApiError.unimplemented(f"{API}.{call.method_id} with filter")
        return paging.listed("files", self._files(call.parent), call.query)

    @handles("projects.locations.repositories.files.get")
    def get_file(self, call: Call) -> dict[str, Any]:
        """Return one file; raises ApiError 404."""
        repository, wanted = "/".join(call.name.split("/")[:6]), unquote(call.params["filesId"])
        for file in self._files(repository):
            if unquote(file["name"].rpartition("/")[2]) == wanted:
                return file
        raise ApiError.not_found(f"{call.name} not found; `files` lists what is there")

    def _files(self, repository: str) -> list[dict[str, Any]]:
        form = self._contents.cloud.store.require(API, repository)["format"]
        registry = self._contents.registry(repository.split("/")[3])
        if form == "DOCKER" and registry:
            name = "/".join((repository.split("/")[1], repository.split("/")[5]))
            blobs = {}
            for image in registry.catalog.images_with_blobs(name):
                for digest, size, created in registry.catalog.blobs(image):
                    blobs[str(digest)] = _file(repository, str(digest), digest.hex, size, timestamp(created))
            return [blobs[digest] for digest in sorted(blobs)]
        if form == "KFP":
            return [
                _pipeline_file(
                    repository, name, self._contents.cloud.store.require(API, name)["createTime"], found["text"]
                )
                for name, found in self._contents.cloud.store.under(PIPELINES, f"{repository}/")
            ]
        raise ApiError.unimplemented(f"{API}: files of format {form} in {repository}")


def _pipeline_file(repository: str, version: str, created: str, text: str) -> dict[str, Any]:
    _, package, _, digest = version.rsplit("/", 3)
    size = len(text.encode())
    return _file(repository, f"{package}:{digest}:pipeline.yaml", digest.partition(":")[2], size, created) | {
        "owner": version
    }


def _file(repository: str, file_id: str, digest: str, size: int, created: str) -> dict[str, Any]:
    value = base64.b64encode(bytes.fromhex(digest)).decode()
    return {
        "name": f"{repository}/files/{quote(file_id, safe='')}",
        "sizeBytes": str(size),
        "hashes": [{"type": "SHA256", "value": value}],
        "createTime": created,
        "updateTime": created,
    }

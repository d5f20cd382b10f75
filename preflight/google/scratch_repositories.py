"""Scratch repositories over the REST API of Artifact Registry, and what images and specs are pushed by."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from vertex_dr.adapters.google.calls import CALL_SECONDS

if TYPE_CHECKING:
    from preflight.google.operations import Calls
    from preflight.ports import Removals
    from vertex_dr.kernel.ids import NewId

__all__ = ["GoogleScratchRepositories"]


@dataclass(frozen=True)
class GoogleScratchRepositories:
    """Repositories with the caller's own credentials as bearer."""

    calls: Calls
    removals: Removals
    new_id: NewId

    def make(self, region: str, form: str) -> str:
        """Make a repository of the format, and return its id."""
        name = f"vdr-preflight-{self.new_id()[:8]}".lower()
        base = f"{self.calls.clients.url('artifactregistry')}/v1"
        parent = f"projects/{self._project}/locations/{region}/repositories"
        tried = f"make the repository {name} in {region}"

        def remove() -> None:
            gone = f"remove the repository {name}"
            self.calls.done(base, self.calls.delete(f"{base}/{parent}/{name}", gone), gone)

        self.removals.add(f"repository {parent}/{name}", remove)
        started = self.calls.post(f"{base}/{parent}?repositoryId={name}", {"format": form}, tried)
        self.calls.done(base, started, tried)
        return name

    def push_blob(self, region: str, repository: str, data: bytes, *, at_once: bool) -> int:
        """Upload a blob, in one POST or in a POST and one PUT; return the last HTTP status."""
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
        root = self.calls.clients.url("docker", region)
        uploads = f"{root}/v2/{self._project}/{repository}/scratch/blobs/uploads/"
        tried, kind = f"push a blob to {uploads}", {"Content-Type": "application/octet-stream"}
        send = self.calls.clients.http.send
        if at_once:
            answer = send(
                "POST",
                uploads,
                tried=tried,
                timeout_seconds=CALL_SECONDS,
                params={"digest": digest},
                data=data,
                headers=kind,
            )
            return int(answer.status_code)
        started = send("POST", uploads, tried=tried, timeout_seconds=CALL_SECONDS, headers={"Content-Length": "0"})
        ended = send(
            "PUT",
            urljoin(uploads, started.headers["Location"]),
            tried=tried,
            timeout_seconds=CALL_SECONDS,
            params={"digest": digest},
            data=data,
            headers=kind,
        )
        return int(ended.status_code)

    def publish(self, region: str, repository: str, content: bytes) -> str:
        """Upload the compiled pipeline, and return the version that the repository names it."""
        url = f"{self.calls.clients.url('kfp', region)}/{self._project}/{repository}"
        files = {"content": ("pipeline.yaml", content, "application/octet-stream")}
        answer = self.calls.clients.http.send(
            "POST", url, tried=f"publish a pipeline in {url}", timeout_seconds=CALL_SECONDS, files=files
        )
        return answer.text.strip().rpartition("/")[2]

    @property
    def _project(self) -> str:
        return self.calls.clients.settings.project

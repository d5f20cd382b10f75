"""Google's own SDK, used as a data scientist uses it: the drill's `User`."""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from vertex_dr.adapters.google.errors import translated
from vertex_dr.kernel.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from vertex_dr.kernel.settings import Endpoints

__all__ = ["SdkPipelineRun", "SdkUser"]

_MACHINE = "n1-standard-2"
_SECONDS = 60


class SdkPipelineRun(Record, frozen=True, kw_only=True):
    """One pipeline run of a region."""

    name: str
    state: str
    created_at: float


class SdkUser:
    """One person's SDK; the SDK keeps its region in a global, so calls take turns."""

    def __init__(self, project: str, endpoints: Endpoints) -> None:
        self._project = project
        self._endpoints = endpoints
        self._turn = threading.Lock()

    def prepare(self) -> None:
        """Load the SDK, which takes seconds."""
        import google.cloud.aiplatform  # noqa: F401, PLC0415 - loaded early, beside other work

    @contextmanager
    def _sdk(self, region: str) -> Iterator[Any]:
        from google.cloud import aiplatform  # noqa: PLC0415 - costs seconds that other commands need not pay

        for name in list(logging.root.manager.loggerDict):  # they tell every step on a terminal that is not theirs
            if name.startswith("google.cloud.aiplatform"):
                logging.getLogger(name).setLevel(logging.WARNING)
        with self._turn:
            aiplatform.init(
                project=self._project,
                location=region,
                api_endpoint=self._endpoints.of("aiplatform", region),
                api_transport="rest",
            )
            with translated(f"use the SDK in {region}"):
                yield aiplatform

    def stage(self, content: bytes, *, bucket: str, name: str) -> str:
        """Make the object hold the content and return its gs:// address."""
        from google.cloud import storage  # noqa: PLC0415 - the same

        client = storage.Client(project=self._project)
        client.bucket(bucket).blob(name).upload_from_string(content, content_type="application/octet-stream")
        return f"gs://{bucket}/{name}"

    def read(self, bucket: str, *, name: str) -> bytes:
        """Return the object's content."""
        from google.cloud import storage  # noqa: PLC0415 - the same

        content: bytes = storage.Client(project=self._project).bucket(bucket).blob(name).download_as_bytes()
        return content

    def checksums(self, bucket: str, *, prefix: str) -> dict[str, str]:
        """Return the CRC32C of every object below the prefix, by its name."""
        from google.cloud import storage  # noqa: PLC0415 - the same

        found = storage.Client(project=self._project).list_blobs(bucket, prefix=prefix)
        return {blob.name: blob.crc32c for blob in found}

    def register(  # noqa: PLR0913 - a version has this much to say
        self,
        model: str,
        *,
        region: str,
        artifact: str,
        image: str,
        aliases: Sequence[str],
        labels: Mapping[str, str],
        description: str,
        version_description: str,
        is_default: bool,
    ) -> str:
        """Register the version in the region and return its number."""
        with self._sdk(region) as aiplatform:
            known = {found.name for found in aiplatform.Model.list()}
            placed = {"parent_model": model} if model in known else {"model_id": model}
            registered = aiplatform.Model.upload(
                serving_container_image_uri=image,
                artifact_uri=artifact,
                display_name=model,
                description=description,
                version_description=version_description,
                version_aliases=list(aliases),
                is_default_version=is_default,
                labels=dict(labels),
                serving_container_predict_route="/predict",
                serving_container_health_route="/health",
                serving_container_ports=[8080],
                **placed,
            )
            return str(registered.version_id)

    def predict(self, instances: Sequence[Any], *, region: str, endpoint: str) -> list[Any]:
        """Return the endpoint's predictions."""
        with self._sdk(region) as aiplatform:
            return list(aiplatform.Endpoint(endpoint).predict(instances=list(instances), timeout=_SECONDS).predictions)

    def pipeline_runs(self, *, region: str) -> list[SdkPipelineRun]:
        """Return the region's pipeline runs."""
        with self._sdk(region) as aiplatform:
            return [
                SdkPipelineRun(
                    name=run.resource_name,
                    state=run.gca_resource.state.name,
                    created_at=run.gca_resource.create_time.timestamp(),
                )
                for run in aiplatform.PipelineJob.list()
            ]

    def rename_endpoint(self, *, region: str, endpoint: str, display_name: str) -> None:
        """Rename the endpoint by hand."""
        with self._sdk(region) as aiplatform:
            aiplatform.Endpoint(endpoint).update(display_name=display_name)

    def serve_instead(self, *, region: str, endpoint: str, model: str, version: str) -> None:
        """Deploy that version with all traffic and take off what served before."""
        with self._sdk(region) as aiplatform:
            found = aiplatform.Endpoint(endpoint)
            before = [deployed.id for deployed in found.list_models()]
            found.deploy(
                aiplatform.Model(model, version=version), machine_type=_MACHINE, traffic_percentage=100,
                deploy_request_timeout=_SECONDS,
            )  # fmt: skip
            for deployed in before:
                found.undeploy(deployed)

"""Google's own SDK, used as a data scientist uses it."""

# ruff: noqa: PLC0415 - the SDK costs seconds, and only a drill that has come so far pays for it

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from vertex_dr.adapters.google.errors import translated

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from vertex_dr.kernel.settings import Settings

__all__ = ["SdkUser", "load_sdk"]

_MACHINE = "n1-standard-2"
_CALL_SECONDS = 60


def load_sdk() -> None:
    """Load the SDK, which takes seconds; any call of a user does it too. Repeating is safe."""
    import google.cloud.aiplatform  # noqa: F401 - loaded early, beside other work


class SdkUser:
    """One person's SDK; the SDK keeps its region in a global, so calls take turns."""

    def __init__(self, settings: Settings) -> None:
        self._project = settings.project
        self._turn = threading.Lock()

    @contextmanager
    def _sdk(self, region: str) -> Iterator[Any]:
        from google.cloud import aiplatform

        for name in list(
            logging.root.manager.loggerDict
        ):  # the terminal shows the drill's progress, not each step of the SDK
            if name.startswith("google.cloud.aiplatform"):
                logging.getLogger(name).setLevel(logging.WARNING)
        with self._turn:
            aiplatform.init(project=self._project, location=region, api_transport="rest")
            with translated(f"use the SDK in {region}"):
                yield aiplatform

    def stage(self, content: bytes, *, bucket: str, name: str) -> str:
        """Make the object hold the content, a new generation if it exists, and return its gs:// address."""
        from google.cloud import storage

        client = storage.Client(project=self._project)
        client.bucket(bucket).blob(name).upload_from_string(content, content_type="application/octet-stream")
        return f"gs://{bucket}/{name}"

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
        """Register the version in the region and return its number; repeating registers one more."""
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

    def predict(self, instances: list[list[float]], *, region: str, endpoint: str) -> list[list[float]]:
        """Return the endpoint's probabilities, a row an instance."""
        with self._sdk(region) as aiplatform:
            found = aiplatform.Endpoint(endpoint).predict(instances=instances, timeout=_CALL_SECONDS)
            return list(found.predictions)

    def pipeline_runs(self, *, region: str) -> list[str]:
        """Return the ids of the region's pipeline runs."""
        with self._sdk(region) as aiplatform:
            return [str(run.name) for run in aiplatform.PipelineJob.list()]

    def rename_endpoint(self, *, region: str, endpoint: str, display_name: str) -> None:
        """Rename the endpoint by hand, as somebody would who does not know that Terraform owns it."""
        with self._sdk(region) as aiplatform:
            aiplatform.Endpoint(endpoint).update(display_name=display_name)

    def serve_instead(self, *, region: str, endpoint: str, model: str, version: str) -> None:
        """Deploy that version with all traffic and take off what served before."""
        with self._sdk(region) as aiplatform:
            found = aiplatform.Endpoint(endpoint)
            before = [deployed.id for deployed in found.list_models()]
            found.deploy(
                aiplatform.Model(model, version=version), machine_type=_MACHINE, traffic_percentage=100,
                deploy_request_timeout=_CALL_SECONDS,
            )  # fmt: skip
            for deployed in before:
                found.undeploy(deployed)

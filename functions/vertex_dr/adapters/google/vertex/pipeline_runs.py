"""Runs of pipelines in one side's region, on Vertex AI Pipelines."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from vertex_dr.adapters.google.calls import CALL_SECONDS, ask
from vertex_dr.kernel.errors import NotFound, Refused

if TYPE_CHECKING:
    from vertex_dr.adapters.google.clients import Clients
    from vertex_dr.kernel.sides import Side

__all__ = ["VertexPipelineRuns"]


@dataclass(frozen=True)
class VertexPipelineRuns:
    """Implements replication's PipelineRuns for one side."""

    clients: Clients
    side: Side

    @cached_property
    def _client(self) -> Any:
        return self.clients.pipelines(self.clients.settings.sides[self.side].region)

    def start(self, *, package: str, version: str, run_id: str, service_account: str | None) -> str:
        """Start a run of that version of the package from the side's own repository and return the run's name."""
        settings = self.clients.settings
        of_side = settings.sides[self.side]
        parent = f"projects/{settings.project}/locations/{of_side.region}"
        # Vertex AI itself reads the template, so this is its public address, wherever this process finds Google.
        template = (
            f"https://{of_side.region}-kfp.pkg.dev/{settings.project}/{of_side.pipeline_repository}/{package}/{version}"
        )
        job: dict[str, Any] = {
            "display_name": run_id,
            "template_uri": template,
            "runtime_config": {"gcs_output_directory": f"gs://{of_side.staging_bucket}/pipelines"},
            "labels": {"vertex-dr-side": str(self.side)},
        }
        if service_account:
            job["service_account"] = service_account
        request = {"parent": parent, "pipeline_job": job, "pipeline_job_id": run_id}
        try:
            created = ask(
                f"start {template} as {run_id} in {parent}",
                lambda: self._client.create_pipeline_job(request=request, timeout=CALL_SECONDS),
            )
        except Refused as refused:
            name = f"{parent}/pipelineJobs/{run_id}"
            try:
                started = ask(f"look at {name}", lambda: self._client.get_pipeline_job(name=name, timeout=CALL_SECONDS))
            except NotFound:
                raise refused from None  # it was not refused because the run exists: its own reason counts
            return str(started.name)
        return str(created.name)

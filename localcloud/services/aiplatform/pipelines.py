"""Pipeline jobs: accepted with a template that really exists and fits, kept as pending."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from localcloud.core import paging
from localcloud.core.clock import now
from localcloud.core.errors import ApiError
from localcloud.core.service import fills, handles
from localcloud.services.aiplatform.filters import matching
from localcloud.services.aiplatform.names import API

if TYPE_CHECKING:
    from localcloud.core.call import Call
    from localcloud.services.aiplatform.contents import Contents

_TEMPLATE = re.compile(
    r"https://(?P<region>[a-z0-9-]+)-kfp\.pkg\.dev"
    r"/(?P<project>[^/]+)/(?P<repository>[^/]+)/(?P<package>[^/]+)/(?P<version>[^/]+)"
)
_OVER = ("PIPELINE_STATE_SUCCEEDED", "PIPELINE_STATE_FAILED", "PIPELINE_STATE_CANCELLED")


class PipelineJobs:
    """`projects.locations.pipelineJobs`."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    @fills("projects.locations.pipelineJobs")
    def fill_pipeline_job(self, _call: Call, resource: dict[str, Any], old: dict[str, Any] | None) -> None:
        """Fetch the template, check that it can run with these parameters, and note the job as pending."""
        if old is not None:
            return
        if resource.get("templateUri"):
            version, template = self._template(resource["templateUri"])
            resource["templateMetadata"] = {"version": version}
            if not resource.get("pipelineSpec"):
                resource["pipelineSpec"] = template
        if not resource.get("pipelineSpec"):
            raise ApiError.invalid("pipeline_job needs pipeline_spec or template_uri")
        _check(resource)
        resource["state"] = "PIPELINE_STATE_PENDING"

    @handles("projects.locations.pipelineJobs.list")
    def list_pipeline_jobs(self, call: Call) -> dict[str, Any]:
        """Return the jobs of the location that the filter lets through, newest first."""
        jobs = self._contents.cloud.store.children(API, call.parent, "pipelineJobs")
        jobs.sort(key=lambda job: job["createTime"], reverse=True)
        return paging.listed("pipelineJobs", matching(jobs, call.query.get("filter")), call.query)

    @handles("projects.locations.pipelineJobs.cancel")
    def cancel_pipeline_job(self, call: Call) -> dict[str, Any]:
        """Make the job cancelled; raises ApiError 400 when it is over."""
        job = self._contents.cloud.store.require(API, call.name)
        if job["state"] in _OVER:
            raise ApiError.failed_precondition(f"{call.name} is over: {job['state']}")
        moment = now()
        ended = {"state": "PIPELINE_STATE_CANCELLED", "endTime": moment, "updateTime": moment}
        self._contents.cloud.store.put(API, call.name, job | ended)
        return {}

    def _template(self, uri: str) -> tuple[str, dict[str, Any]]:
        """Return version and content of a template; raises ApiError 400 when there is none at the URI."""
        match = _TEMPLATE.fullmatch(uri)
        if match is None:
            raise ApiError.invalid(
                f"template_uri {uri!r} is none: expected https://{{region}}-kfp.pkg.dev/project/repository/package/version"
            )
        region = match["region"]
        if self._contents.cloud.switches.is_dark(region, "kfp"):
            raise ApiError.unavailable(f"cannot read the template {uri}: {region} does not answer")
        self._contents.require_readable(region, f"{match['project']}/{match['repository']}")
        found = self._contents.registries.contents.pipeline(
            region, match["project"], match["repository"], match["package"], match["version"]
        )
        if found is None:
            raise ApiError.not_found(f"cannot read the template {uri}: it does not exist; publish it first")
        version, content = found
        if version != match["version"]:
            # An open bug of Google's (googleapis/python-aiplatform issues 2181 and 2398): a tag that exists is a 500.
            raise ApiError(500, "INTERNAL", "Internal error encountered.")
        try:
            template = next(iter(yaml.safe_load_all(content)), None)
        except yaml.YAMLError as error:
            raise ApiError.invalid(f"the template {uri} is no YAML: {error}") from None
        if not isinstance(template, dict):
            raise ApiError.invalid(f"the template {uri} is no pipeline spec")
        return version, template


def _check(job: dict[str, Any]) -> None:
    """Raise ApiError 400 unless the job's spec is one, and its parameters are the spec's."""
    spec = job["pipelineSpec"]
    if not (spec.get("pipelineInfo") or {}).get("name") or not spec.get("root") or not spec.get("schemaVersion"):
        raise ApiError.invalid("pipeline_spec lacks pipelineInfo.name, root or schemaVersion: compile it with kfp 2")
    config = job.get("runtimeConfig") or {}
    if not config.get("gcsOutputDirectory", "").startswith("gs://"):
        raise ApiError.invalid("runtime_config.gcs_output_directory is required: gs://bucket/folder")
    inputs = (spec["root"].get("inputDefinitions") or {}).get("parameters") or {}
    given = set(config.get("parameterValues") or {})
    optional = {name for name, one in inputs.items() if one.get("isOptional") or "defaultValue" in one}
    missing, unknown = sorted(set(inputs) - given - optional), sorted(given - set(inputs))
    if missing or unknown:
        raise ApiError.invalid(
            f"runtime_config.parameter_values does not fit the pipeline {spec['pipelineInfo']['name']}: "
            f"missing {', '.join(missing) or 'none'}, unknown {', '.join(unknown) or 'none'}"
        )

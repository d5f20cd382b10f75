"""From what Terraform deployed to what a process needs to run."""

from __future__ import annotations

import asyncio
import base64
from typing import TYPE_CHECKING, Any

from localcloud.core.addresses import environment
from localcloud.core.errors import ApiError
from localcloud.runtime import buildpack
from localcloud.runtime.function_process import Revision

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from localcloud.core.cloud import Cloud
    from localcloud.services.secretmanager.service import SecretManager

__all__ = ["log_of", "require_secrets", "revision_of"]

# One process stands for as many instances as Google would start; a function that waits must not block others.
_FEWEST_THREADS = 4
_MOST_THREADS = 16


async def revision_of(
    cloud: Cloud, secrets: SecretManager, service: str, deployment: Mapping[str, Any] | None, sources: Path
) -> Revision:
    """Return the deployed revision of the Run service. Raises ApiError 501 when no function made it."""
    if deployment is None:
        raise ApiError.unimplemented(f"run: the container of {service}, which no function made,")
    config: dict[str, Any] = deployment["config"]
    _, project, _, region, _, short = service.split("/")
    source = sources / deployment["source"]
    instances = int(config.get("maxInstanceCount", 100)) * int(config.get("maxInstanceRequestConcurrency", 1))
    return Revision(
        service=short,
        revision=deployment["revision"],
        region=region,
        entry_point=deployment["entry_point"],
        signature=deployment["signature"],
        source=source,
        interpreter=await asyncio.to_thread(buildpack.ensure, source / "requirements.txt"),
        service_account=config.get("serviceAccountEmail")
        or f"{cloud.project_number}-compute@developer.gserviceaccount.com",
        threads=max(_FEWEST_THREADS, min(instances, _MOST_THREADS)),
        timeout_seconds=float(config.get("timeoutSeconds", 60)),
        environment={
            **environment.of_workloads(cloud),
            **config.get("environmentVariables", {}),
            **_secret_values(cloud, secrets, config, project),
        },
        log=log_of(cloud, region, short),
    )


def log_of(cloud: Cloud, region: str, short: str) -> Path:
    """Return the file that takes what the function prints."""
    return cloud.state_dir / "functions" / "logs" / region / f"{short}.log"


def require_secrets(cloud: Cloud, config: Mapping[str, Any], project: str) -> None:
    """Return when the function's own account may read each secret of its environment; raises ApiError 403."""
    for _ in _secret_versions(cloud, config, project):
        pass


def _secret_values(cloud: Cloud, secrets: SecretManager, config: Mapping[str, Any], project: str) -> dict[str, str]:
    return {
        key: base64.b64decode(secrets.payload(version)).decode()
        for key, version in _secret_versions(cloud, config, project)
    }


def _secret_versions(cloud: Cloud, config: Mapping[str, Any], project: str) -> Iterator[tuple[str, str]]:
    """Yield variable and secret version of each, as far as the function's account may read it; raises ApiError 403."""
    reader = f"serviceAccount:{config.get('serviceAccountEmail') or cloud.access.default_account}"
    for variable in config.get("secretEnvironmentVariables", []):
        secret = f"projects/{variable.get('projectId') or project}/secrets/{variable['secret']}"
        version = f"{secret}/versions/{variable.get('version', 'latest')}"
        resource = cloud.access.project.named("secretmanager", version)
        cloud.access.require_account(reader, "secretmanager.versions.access", resource, acting_for="run")
        yield variable["key"], version

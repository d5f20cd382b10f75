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
    from collections.abc import Mapping
    from pathlib import Path

    from localcloud.core.cloud import Cloud
    from localcloud.services.secretmanager.service import SecretManager

__all__ = ["log_of", "revision_of"]

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
            **_secret_values(secrets, config, project),
        },
        log=log_of(cloud, region, short),
    )


def log_of(cloud: Cloud, region: str, short: str) -> Path:
    """Return the file that takes what the function prints."""
    return cloud.state_dir / "functions" / "logs" / region / f"{short}.log"


def _secret_values(secrets: SecretManager, config: Mapping[str, Any], project: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for variable in config.get("secretEnvironmentVariables", []):
        secret = f"projects/{variable.get('projectId') or project}/secrets/{variable['secret']}"
        payload = secrets.payload(f"{secret}/versions/{variable.get('version', 'latest')}")
        found[variable["key"]] = base64.b64decode(payload).decode()
    return found

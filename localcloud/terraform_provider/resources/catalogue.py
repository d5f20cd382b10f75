"""The resource types and data sources that this provider serves, from the extract that set-up has made."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from localcloud.terraform_provider.errors import ProviderError, Unsupported
from localcloud.terraform_provider.resources.bucket import Bucket
from localcloud.terraform_provider.resources.bucket_object import BucketObject
from localcloud.terraform_provider.resources.build_trigger import BuildTrigger
from localcloud.terraform_provider.resources.custom_role import CustomRole
from localcloud.terraform_provider.resources.iam_member import IamMember
from localcloud.terraform_provider.resources.project_service import ProjectService
from localcloud.terraform_provider.resources.scheduler_job import SchedulerJob
from localcloud.terraform_provider.resources.secret_version import SecretVersion
from localcloud.terraform_provider.resources.service_account import ServiceAccount
from localcloud.terraform_provider.resources.standard import StandardResource
from localcloud.terraform_provider.schemas.blocks import Block, block_of
from localcloud.terraform_provider.schemas.resource_types import DATA_FACTS, RESOURCES

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS: dict[str, type[StandardResource]] = {
    "bucket": Bucket,
    "bucket_object": BucketObject,
    "build_trigger": BuildTrigger,
    "custom_role": CustomRole,
    "standard": StandardResource,
    "iam_member": IamMember,
    "project_service": ProjectService,
    "scheduler_job": SchedulerJob,
    "secret_version": SecretVersion,
    "service_account": ServiceAccount,
}
_DEFAULT = Path(__file__).resolve().parents[3] / "build" / "terraform-provider" / "schema.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Everything that the provider serves."""

    provider: Block
    resources: dict[str, StandardResource]
    data_sources: dict[str, Block]

    @classmethod
    def load(cls, environment: Mapping[str, str] = os.environ) -> Catalogue:
        """Return the catalogue of the extract. Raises ProviderError when set-up has not made it."""
        path = Path(environment.get("LOCALCLOUD_TERRAFORM_SCHEMA") or _DEFAULT)
        try:
            extract: dict[str, Any] = json.loads(path.read_text())
        except (OSError, ValueError) as error:
            raise ProviderError(
                f"cannot read the schemas of the stand-in provider from {path} ({error}): run python -m"
                f" localcloud.terraform_provider.setup"
            ) from error
        return cls.of(extract)

    @classmethod
    def of(cls, extract: dict[str, Any]) -> Catalogue:
        """Return the catalogue of an extract."""
        resources = {}
        for name, resource in RESOURCES.items():
            block = block_of(extract["resources"][name], extract["fields"][name], resource.facts)
            resources[name] = KINDS[resource.kind](name=name, resource=resource, block=block)
        return cls(
            provider=block_of(extract["provider"]),
            resources=resources,
            data_sources={name: block_of(raw, facts=DATA_FACTS.get(name)) for name, raw in extract["data"].items()},
        )

    def resource(self, name: str) -> StandardResource:
        """Return a resource type. Raises Unsupported for one that is not in the table."""
        if name not in self.resources:
            raise Unsupported(
                f"localcloud's stand-in for hashicorp/google does not know {name}; add it to"
                f" localcloud/terraform_provider/schemas/resource_types.py"
                f" and repeat set-up. It knows {', '.join(self.resources)}"
            )
        return self.resources[name]

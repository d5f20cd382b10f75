"""What the provider block and the environment configure, and the promise that no endpoint leaves this machine."""

from __future__ import annotations

import ipaddress
import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from localcloud.terraform_provider.errors import ProviderError
from localcloud.terraform_provider.schemas.resource_types import RESOURCES
from localcloud.terraform_provider.values import is_known

if TYPE_CHECKING:
    from collections.abc import Mapping

_ENVIRONMENT = {
    "project": ("GOOGLE_PROJECT", "GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT"),
    "region": ("GOOGLE_REGION", "GCLOUD_REGION", "CLOUDSDK_COMPUTE_REGION"),
    "zone": ("GOOGLE_ZONE", "GCLOUD_ZONE", "CLOUDSDK_COMPUTE_ZONE"),
    "access_token": ("GOOGLE_OAUTH_ACCESS_TOKEN",),
    "billing_project": ("GOOGLE_BILLING_PROJECT",),
}
ENDPOINTS = frozenset({resource.endpoint for resource in RESOURCES.values()} | {"cloud_billing", "compute"})
_SHAPE = re.compile(r".*/[^/]+/$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """One configured provider."""

    project: str = ""
    region: str = ""
    zone: str = ""
    access_token: str = ""
    quota_project: str = ""
    deletion_policy: str = ""
    default_labels: dict[str, str] = field(default_factory=dict)
    attribution_label: bool = True
    attribution_on_update: bool = False
    endpoints: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, config: Mapping[str, Any], environment: Mapping[str, str] = os.environ) -> Configuration:
        """Return what the provider block and the environment say together; the block wins.

        Raises ProviderError when no custom endpoint is set at all, or when one is malformed or not on this machine.
        """
        settings: dict[str, str] = {}
        for name, variables in _ENVIRONMENT.items():
            given = config.get(name)
            found = (environment[variable] for variable in variables if environment.get(variable))
            settings[name] = str(given) if is_known(given) else next(found, "")
        endpoints = {}
        for name in sorted(ENDPOINTS):
            variable = f"GOOGLE_{name.upper()}_CUSTOM_ENDPOINT"
            setting = config.get(f"{name}_custom_endpoint")
            if url := setting if is_known(setting) else environment.get(variable):
                endpoints[name] = _checked(name, url)
        if not endpoints:
            raise ProviderError(
                "this is localcloud's stand-in for hashicorp/google and it never talks to Google: no custom"
                " endpoint is set in the provider"
                ' block or the environment; start the local cloud and run eval "$(localcloud env)", or use the'
                " real provider for a real project"
            )
        attribution = config.get("add_terraform_attribution_label")
        override = config.get("user_project_override") is True
        labels = config.get("default_labels")
        return cls(
            project=settings["project"],
            region=settings["region"],
            zone=settings["zone"],
            access_token=settings["access_token"],
            quota_project=settings["billing_project"] if override else "",
            deletion_policy=config.get("deletion_policy") or "",
            default_labels=dict(labels) if isinstance(labels, dict) else {},
            attribution_label=attribution is not False,
            attribution_on_update=config.get("terraform_attribution_label_addition_strategy") == "PROACTIVE",
            endpoints=endpoints,
        )

    def endpoint(self, name: str) -> str:
        """Return the base URL of an API. Raises ProviderError when its endpoint is not configured."""
        if name not in self.endpoints:
            raise ProviderError(
                f"{name}_custom_endpoint is not set, and this stand-in for hashicorp/google never talks to"
                f" Google: set it in the provider"
                f' block or as GOOGLE_{name.upper()}_CUSTOM_ENDPOINT (eval "$(localcloud env)" sets it)'
            )
        return self.endpoints[name]

    def default(self, name: str) -> str:
        """Return the provider's project, region or zone; a location defaults to the region.

        Empty where there is none.
        """
        return str(getattr(self, {"location": "region"}.get(name, name), ""))


def _checked(name: str, url: str) -> str:
    """Return the endpoint if it is well-formed and on this machine."""
    host = urlsplit(url).hostname or ""
    if not _SHAPE.fullmatch(url):
        raise ProviderError(
            f'{name}_custom_endpoint = "{url}" must be a URL with at least one path segment and a slash at its end'
        )
    try:
        local = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = False
    if not local:
        raise ProviderError(
            f'{name}_custom_endpoint = "{url}" is not on this machine: localcloud\'s stand-in for'
            f" hashicorp/google talks to a local cloud"
            " only; use the real provider for everything else"
        )
    return url

"""What the provider block and the environment configure, and the promise that nothing leaves this machine.

The stand-in asks Google's own addresses, through a proxy that must be on loopback, and trusts nobody but localcloud.
"""

from __future__ import annotations

import ipaddress
import os
import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.x509.oid import NameOID

from localcloud.terraform_provider.errors import ProviderError
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
# The real provider's default addresses by its names of them; where it has {region}, the resource's region is meant.
GOOGLE = {
    "artifact_registry": "https://artifactregistry.googleapis.com/v1/",
    "cloud_billing": "https://cloudbilling.googleapis.com/v1/",
    "cloud_build": "https://cloudbuild.googleapis.com/v1/",
    "cloud_run_v2": "https://run.googleapis.com/v2/",
    "cloud_scheduler": "https://cloudscheduler.googleapis.com/v1/",
    "cloudfunctions2": "https://cloudfunctions.googleapis.com/v2/",
    "compute": "https://compute.googleapis.com/compute/v1/",
    "firestore": "https://firestore.googleapis.com/v1/",
    "iam_beta": "https://iam.googleapis.com/v1/",
    "pubsub": "https://pubsub.googleapis.com/v1/",
    "resource_manager": "https://cloudresourcemanager.googleapis.com/v1/",
    "secret_manager": "https://secretmanager.googleapis.com/v1/",
    "service_usage": "https://serviceusage.googleapis.com/v1/",
    "storage": "https://storage.googleapis.com/storage/v1/",
    "vertex_ai": "https://{region}-aiplatform.googleapis.com/v1/",
}
AUTHORITY = "localcloud of this state directory"  # who signs for these addresses; nobody else may


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
    proxy: str = ""  # host:port
    trusted: ssl.SSLContext | None = None
    endpoints: dict[str, str] = field(default_factory=lambda: dict(GOOGLE))

    @classmethod
    def of(cls, config: Mapping[str, Any], environment: Mapping[str, str] = os.environ) -> Configuration:
        """Return what the provider block and the environment say together; the block wins.

        Raises ProviderError when the proxy is not on this machine's loopback, when anybody but localcloud's authority
        is trusted, or when an address of Google's is overridden.
        """
        settings: dict[str, str] = {}
        for name, variables in _ENVIRONMENT.items():
            given = config.get(name)
            found = (environment[variable] for variable in variables if environment.get(variable))
            settings[name] = str(given) if is_known(given) else next(found, "")
        _refuse_overrides(config, environment)
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
            proxy=_proxy(environment),
            trusted=_trusted(environment),
        )

    def endpoint(self, name: str, region: str = "") -> str:
        """Return the base URL of an API, of a regional one at the resource's region or else the provider's.

        Raises ProviderError, in the real provider's words, when there is no region to ask.
        """
        base = self.endpoints[name]
        if "{region}" not in base:
            return base
        found = region or self.region or self.zone.rpartition("-")[0]
        if not found:
            raise ProviderError(
                "Cannot determine region: set in this resource, or set provider-level 'region' or 'zone'."
            )
        return base.replace("{region}", found)

    def default(self, name: str) -> str:
        """Return the provider's project, region or zone; a location defaults to the region.

        Empty where there is none.
        """
        return str(getattr(self, {"location": "region"}.get(name, name), ""))


def _refuse_overrides(config: Mapping[str, Any], environment: Mapping[str, str]) -> None:
    for name in sorted(GOOGLE):
        variable = f"GOOGLE_{name.upper()}_CUSTOM_ENDPOINT"
        setting = config.get(f"{name}_custom_endpoint")
        if url := setting if is_known(setting) else environment.get(variable):
            raise ProviderError(
                f'{name}_custom_endpoint = "{url}": localcloud answers at Google\'s own addresses, and its stand-in for'
                f" hashicorp/google asks no others; remove the setting from the provider block, or unset {variable}"
            )


def _proxy(environment: Mapping[str, str]) -> str:
    """Return host and port of the proxy, which is on this machine."""
    url = environment.get("HTTPS_PROXY") or environment.get("https_proxy") or ""
    parts = urlsplit(url if "://" in url else f"http://{url}")
    host = parts.hostname or ""
    try:
        is_local = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_local = False
    if not is_local:
        raise ProviderError(
            "this is localcloud's stand-in for hashicorp/google and it never talks to Google: HTTPS_PROXY"
            f" {f'is {url!r}, which is not on this machine' if url else 'is not set'}; start the local cloud and run"
            ' eval "$(localcloud env)", or use the real provider for a real project'
        )
    return parts.netloc


def _trusted(environment: Mapping[str, str]) -> ssl.SSLContext:
    """Return a context that trusts localcloud's authority and nobody else."""
    file = environment.get("SSL_CERT_FILE", "")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(file)
    except (OSError, ssl.SSLError) as error:
        raise ProviderError(
            f"SSL_CERT_FILE {f'is {file!r}, which cannot be read ({error})' if file else 'is not set'}: the stand-in"
            ' for hashicorp/google trusts localcloud\'s authority only; run eval "$(localcloud env)"'
        ) from error
    names = [_common_name(certificate) for certificate in context.get_ca_certs(binary_form=True)]
    if names != [AUTHORITY]:
        raise ProviderError(
            f"SSL_CERT_FILE is {file!r}, which trusts {len(names)} authorities, not localcloud's alone: the stand-in"
            ' for hashicorp/google would believe an address of Google\'s; run eval "$(localcloud env)"'
        )
    return context


def _common_name(certificate: bytes) -> Any:
    subject = x509.load_der_x509_certificate(certificate).subject
    return next((one.value for one in subject.get_attributes_for_oid(NameOID.COMMON_NAME)), None)

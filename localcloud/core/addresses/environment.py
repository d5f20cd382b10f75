"""The variables with which every client finds the local cloud at Google's own addresses.

They say where the proxy is, whom to trust, and who the caller is. None of them is an address of Google's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import PurePath

    from localcloud.core.cloud import Cloud

_TOKEN_SECONDS = 12 * 3600

# Where each family of clients looks for the authorities that it trusts. Set, they trust localcloud's alone.
_TRUST = (
    "CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE",  # gcloud
    "CURL_CA_BUNDLE",
    "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH",  # gRPC's core: Python, C++, Ruby
    "NODE_EXTRA_CA_CERTS",
    "REQUESTS_CA_BUNDLE",  # Python's requests
    "SSL_CERT_FILE",  # OpenSSL and Go: Python's ssl, Terraform and its providers, skopeo
)
# Some clients read the upper case, gRPC and curl the lower one. The metadata server is asked at a loopback address.
_PROXY = ("HTTPS_PROXY", "https_proxy")
_NO_PROXY = ("NO_PROXY", "no_proxy")


def of_workloads(cloud: Cloud, authority: PurePath | None = None) -> dict[str, str]:
    """Return the variables of a function or a model server, whose identity comes from its metadata server.

    The authority is where the workload sees the certificate, when that is not where it lies on this machine.
    """
    trusted = authority or cloud.authority.file
    found = dict.fromkeys(_PROXY, cloud.proxy_url)
    found |= dict.fromkeys(_NO_PROXY, "127.0.0.1,localhost")
    found["SSL_CERT_DIR"] = str(trusted.parent)  # or Go trusts the machine's folder of authorities, too
    return found | dict.fromkeys(_TRUST, str(trusted))


def variables(cloud: Cloud) -> dict[str, str]:
    """Return the variables that `localcloud env` prints; repeating it mints a new token."""
    token = cloud.tokens.mint_access(cloud.tokens.operator, lifetime_seconds=_TOKEN_SECONDS)
    found = {
        "LOCALCLOUD_URL": cloud.proxy_url,
        "GOOGLE_CLOUD_PROJECT": cloud.project,
        "GOOGLE_PROJECT": cloud.project,
        "GOOGLE_APPLICATION_CREDENTIALS": str(cloud.tokens.key_file),
        "GOOGLE_OAUTH_ACCESS_TOKEN": token,
        # A token in a file is not kept: gcloud keeps those of a key by the account, also when another cloud made them.
        "CLOUDSDK_AUTH_ACCESS_TOKEN_FILE": str(cloud.tokens.keep_operators(token)),
        "CLOUDSDK_CORE_PROJECT": cloud.project,
        "GCE_METADATA_HOST": cloud.proxy_url.removeprefix("http://"),
    }
    return dict(sorted((found | of_workloads(cloud)).items()))

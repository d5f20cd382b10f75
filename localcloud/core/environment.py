"""The variables with which Terraform, gcloud, Google's Python clients and vertex-dr find the local cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from localcloud.core.config import HOST

if TYPE_CHECKING:
    from localcloud.core.cloud import Cloud

_TOKEN_SECONDS = 12 * 3600

# Terraform's name of each product, and the path that its provider wants as the base.
_TERRAFORM = {
    "ARTIFACT_REGISTRY": "artifactregistry/v1",
    "CLOUDFUNCTIONS2": "cloudfunctions/v2",
    "CLOUD_BILLING": "cloudbilling/v1",
    "CLOUD_RUN_V2": "run/v2",
    "CLOUD_SCHEDULER": "cloudscheduler/v1",
    "COMPUTE": "compute/v1",
    "FIRESTORE": "firestore/v1",
    "IAM_BETA": "iam/v1",
    "IAM_CREDENTIALS": "iamcredentials/v1",
    "PUBSUB": "pubsub/v1",
    "RESOURCE_MANAGER": "cloudresourcemanager/v1",
    "RESOURCE_MANAGER_V3": "cloudresourcemanager/v3",
    "SECRET_MANAGER": "secretmanager/v1",
    "SECRET_MANAGER_REGIONAL": "secretmanager/v1",
    "SERVICE_USAGE": "serviceusage/v1",
    "STORAGE": "storage/v1",
    "VERTEX_AI": "aiplatform/v1",
}

# gcloud's name of each API, and the path below which gcloud appends the version itself or not.
_GCLOUD = {
    "AIPLATFORM": "aiplatform/",
    "ARTIFACTREGISTRY": "artifactregistry/",
    "CLOUDFUNCTIONS": "cloudfunctions/",
    "CLOUDRESOURCEMANAGER": "cloudresourcemanager/",
    "CLOUDSCHEDULER": "cloudscheduler/",
    "FIRESTORE": "firestore/",
    "IAM": "iam/",
    "PUBSUB": "pubsub/",
    "RUN": "run/",
    "SECRETMANAGER": "secretmanager/",
    "SERVICEUSAGE": "serviceusage/",
    "STORAGE": "storage/v1/",
}

_REGIONAL = {
    "AIPLATFORM": "/aiplatform",
    "ARTIFACTREGISTRY": "/artifactregistry",
    "CLOUDFUNCTIONS": "/cloudfunctions",
    "CLOUDSCHEDULER": "/cloudscheduler",
    "DOCKER": "",
    "KFP": "/kfp",
    "RUN": "/run",
}
_GLOBAL = {"FIRESTORE": "/firestore", "SECRETMANAGER": "/secretmanager", "STORAGE": ""}


def variables(cloud: Cloud) -> dict[str, str]:
    """Return the variables that `localcloud env` prints; repeating it mints a new token."""
    everywhere = cloud.ports.numbers()
    token = cloud.tokens.mint_access(cloud.tokens.operator, lifetime_seconds=_TOKEN_SECONDS)
    found = {
        "LOCALCLOUD_URL": cloud.global_url,
        "GOOGLE_CLOUD_PROJECT": cloud.project,
        "GOOGLE_PROJECT": cloud.project,
        "GOOGLE_APPLICATION_CREDENTIALS": str(cloud.tokens.key_file),
        "GOOGLE_OAUTH_ACCESS_TOKEN": token,
        "GOOGLE_BACKEND_STORAGE_CUSTOM_ENDPOINT": f"{cloud.global_url}/storage/v1/",
        "CLOUDSDK_AUTH_DISABLE_CREDENTIALS": "true",
        "CLOUDSDK_CORE_PROJECT": cloud.project,
        "STORAGE_EMULATOR_HOST": cloud.global_url,
        "FIRESTORE_EMULATOR_HOST": f"{HOST}:{everywhere['firestore']}",
        "PUBSUB_EMULATOR_HOST": f"{HOST}:{everywhere['pubsub']}",
    }
    found |= {f"GOOGLE_{name}_CUSTOM_ENDPOINT": f"{cloud.global_url}/{path}/" for name, path in _TERRAFORM.items()}
    found |= {f"CLOUDSDK_API_ENDPOINT_OVERRIDES_{name}": f"{cloud.global_url}/{path}" for name, path in _GCLOUD.items()}
    found |= {
        f"VERTEX_DR_ENDPOINT_{name}": ",".join(f"{region}={cloud.region_url(region)}{path}" for region in cloud.regions)
        for name, path in _REGIONAL.items()
    }
    found |= {f"VERTEX_DR_ENDPOINT_{name}": f"{cloud.global_url}{path}" for name, path in _GLOBAL.items()}
    return dict(sorted(found.items()))

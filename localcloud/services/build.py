"""Builds every service, and says which one asks which other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from localcloud.core.services import Services
from localcloud.services.aiplatform.service import AiPlatform
from localcloud.services.artifactregistry.service import ArtifactRegistry
from localcloud.services.cloudbilling.service import CloudBilling
from localcloud.services.cloudbuild.service import CloudBuild
from localcloud.services.cloudresourcemanager.service import CloudResourceManager
from localcloud.services.cloudscheduler.service import CloudScheduler
from localcloud.services.compute.service import Compute
from localcloud.services.firestore.service import Firestore
from localcloud.services.functions.service import CloudFunctions
from localcloud.services.iam.service import Iam
from localcloud.services.iamcredentials.service import IamCredentials
from localcloud.services.orgpolicy.service import OrgPolicy
from localcloud.services.pubsub.service import PubSub
from localcloud.services.run.service import Run
from localcloud.services.secretmanager.service import SecretManager
from localcloud.services.serviceusage.service import ServiceUsage
from localcloud.services.storage.service import StorageService

if TYPE_CHECKING:
    from localcloud.core.cloud import Cloud


def build_services(cloud: Cloud) -> Services:
    """Return all services of the cloud, whose state is open; none runs yet."""
    iam = Iam(cloud)
    registries = ArtifactRegistry(cloud)
    secrets = SecretManager(cloud)
    storage = StorageService(cloud)
    run = Run(cloud, secrets)
    return Services(
        (
            AiPlatform(cloud, registries, storage),
            registries,
            CloudBilling(cloud),
            CloudBuild(cloud),
            CloudResourceManager(cloud),
            CloudScheduler(cloud),
            Compute(cloud),
            Firestore(cloud),
            CloudFunctions(cloud, run, storage),
            iam,
            IamCredentials(cloud, iam),
            OrgPolicy(cloud),
            PubSub(cloud),
            run,
            secrets,
            ServiceUsage(cloud),
            storage,
        )
    )

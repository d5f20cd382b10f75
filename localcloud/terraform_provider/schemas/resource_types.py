"""Which resource types the stand-in knows and how each is spoken of to its API: one line a type.

A type outside this table is a clear error that names this file. A new type that needs no code is a line here, a line in
`schema_facts`, and a repeated set-up, which extracts its schema.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceType:
    """How one resource type is spoken of to its API."""

    endpoint: str  # the provider's setting without _custom_endpoint
    path: str  # of the resource, below the endpoint; also its id in Terraform
    message: str = ""  # the API's document and the schema in it: "secretmanager.v1/Secret"
    kind: str = "standard"  # who creates, reads, updates and deletes it: see `resources`
    id_query: str = ""  # the query parameter of create that carries the id
    identifier: str = ""  # the id in Terraform where it is not the path
    renames: dict[str, str] = field(
        default_factory=dict
    )  # dotted path in Terraform -> path in the API's object at that level
    keyed: dict[str, str] = field(
        default_factory=dict
    )  # a set of blocks that is a map in the API -> the attribute that is the key
    names_itself: bool = False  # create carries the full name in the body
    full_name: bool = False  # the attribute `name` is the full one
    put: bool = False  # created by PUT
    masked: bool = True  # update names the changed fields
    wrapped: str = ""  # update's body is wrapped in this
    patch_also: str = ""  # update sends these, too, though they cannot change here
    always_sent: str = ""  # sent even when false
    policy: str = ""  # how an IAM policy is read: GET, GET3 (asks for version 3), POST, POST3, STORAGE


_LOCATION = "projects/{project}/locations/{location}"
_REGION = "projects/{project}/locations/{region}"
_VERTEX = "aiplatform.v1/GoogleCloudAiplatformV1"

RESOURCES: dict[str, ResourceType] = {
    "google_artifact_registry_repository": ResourceType(
        endpoint="artifact_registry", path=_LOCATION + "/repositories/{repository_id}",
        message="artifactregistry.v1/Repository",
        id_query="repository_id", keyed={"cleanup_policies": "id"}, patch_also="remote_repository_config",
    ),
    "google_artifact_registry_repository_iam_member": ResourceType(
        endpoint="artifact_registry", path=_LOCATION + "/repositories/{repository}", kind="iam_member", policy="GET",
    ),
    "google_cloud_run_v2_service_iam_member": ResourceType(
        endpoint="cloud_run_v2", path=_LOCATION + "/services/{name}", kind="iam_member", policy="GET",
    ),
    "google_cloud_scheduler_job": ResourceType(
        endpoint="cloud_scheduler", path=_REGION + "/jobs/{name}",
        message="cloudscheduler.v1/Job", kind="scheduler_job",
        names_itself=True, masked=False,
    ),
    "google_cloudfunctions2_function": ResourceType(
        endpoint="cloudfunctions2", path=_LOCATION + "/functions/{name}", message="cloudfunctions.v2/Function",
        id_query="functionId", names_itself=True, always_sent="service_config.all_traffic_on_latest_revision",
    ),
    "google_firestore_database": ResourceType(
        endpoint="firestore", path="projects/{project}/databases/{name}",
        message="firestore.v1/GoogleFirestoreAdminV1Database",
        id_query="databaseId", names_itself=True, patch_also="etag",
    ),
    "google_project_iam_member": ResourceType(
        endpoint="resource_manager", path="projects/{project}",
        kind="iam_member", policy="POST3", identifier="{project}",
    ),
    "google_project_service": ResourceType(
        endpoint="service_usage", path="projects/{project}/services/{service}",
        kind="project_service", identifier="{project}/{service}",
    ),
    "google_pubsub_topic": ResourceType(
        endpoint="pubsub", path="projects/{project}/topics/{name}",
        message="pubsub.v1/Topic", put=True, wrapped="topic",
    ),
    "google_pubsub_topic_iam_member": ResourceType(
        endpoint="pubsub", path="projects/{project}/topics/{topic}", kind="iam_member", policy="GET",
    ),
    "google_secret_manager_secret": ResourceType(
        endpoint="secret_manager", path="projects/{project}/secrets/{secret_id}", message="secretmanager.v1/Secret",
        id_query="secretId", full_name=True, patch_also="replication", renames={"replication.auto": "automatic"},
    ),
    "google_secret_manager_secret_iam_member": ResourceType(
        endpoint="secret_manager", path="projects/{project}/secrets/{secret_id}", kind="iam_member", policy="GET3",
    ),
    "google_secret_manager_secret_version": ResourceType(
        endpoint="secret_manager", path="{secret}/versions/{version}", message="secretmanager.v1/SecretVersion",
        kind="secret_version", full_name=True,
    ),
    "google_service_account": ResourceType(
        endpoint="iam_beta", path="projects/{project}/serviceAccounts/{email}", message="iam.v1/ServiceAccount",
        kind="service_account", full_name=True,
    ),
    "google_service_account_iam_member": ResourceType(
        endpoint="iam_beta", path="{service_account_id}", kind="iam_member", policy="POST",
    ),
    "google_storage_bucket": ResourceType(
        endpoint="storage", path="b/{name}", message="storage.v1/Bucket", kind="bucket", identifier="{name}",
        renames={
            "lifecycle_rule": "lifecycle.rule",
            "public_access_prevention": "iamConfiguration.publicAccessPrevention",
            "requester_pays": "billing.requesterPays",
            "uniform_bucket_level_access": "iamConfiguration.uniformBucketLevelAccess.enabled",
            "autoclass.terminal_storage_class": "terminalStorageClass",
        },
    ),
    "google_storage_bucket_iam_member": ResourceType(
        endpoint="storage", path="b/{bucket}", kind="iam_member", policy="STORAGE",
    ),
    "google_storage_bucket_object": ResourceType(
        endpoint="storage", path="b/{bucket}/o/{name}",
        message="storage.v1/Object", kind="bucket_object", identifier="{bucket}-{name}",
        renames={"md5hash": "md5Hash", "output_name": "name", "contexts.custom": ""},
    ),
    "google_vertex_ai_endpoint": ResourceType(
        endpoint="vertex_ai", path=_LOCATION + "/endpoints/{name}", message=_VERTEX + "Endpoint", id_query="endpointId",
    ),
}  # fmt: skip

DATA_SOURCES: tuple[str, ...] = ("google_client_config", "google_project")

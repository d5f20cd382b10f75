"""Which resource types the stand-in knows and how each is spoken of to its API: one entry a type.

A type outside this table is a clear error that names this file. A new type that needs no code is an entry here and a
repeated set-up, which extracts its schema. Its facts are what that schema does not say: which changes force a
replacement, defaults, what is sensitive, what excludes what. A ForceNew entry that is missing would be a silent update
in place where the real provider replaces, so every type's list is complete.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of one resource type beside its schema.

    Paths are attribute names joined by dots, without indexes; lists of them are separated by blanks.
    """

    version: int = 0  # of the state's schema, so that states can be exchanged with the real provider's
    force_new: str = ""
    defaults: dict[str, Any] = field(default_factory=dict)
    computed_blocks: str = ""  # the server fills these when the configuration leaves them out
    empty_blocks: str = ""  # these mean something even when nothing is in them
    sensitive: str = ""
    unread: str = ""  # sent but never read back: the state keeps what was sent
    write_only: str = ""
    deletion_policy: str | None = "DELETE"  # the default; None where the type plans none
    conflicts: tuple[str, ...] = ()  # of each group at most one may be set
    exactly_one: tuple[str, ...] = ()
    at_least_one: tuple[str, ...] = ()
    required_with: tuple[str, ...] = ()  # the first needs all others
    equal: dict[str, str] = field(
        default_factory=dict
    )  # path -> the rule of `equality` by which two texts are the same
    server_keys: dict[str, str] = field(default_factory=dict)  # path of a map -> the key that the server adds to it
    allowed: dict[str, str] = field(default_factory=dict)  # values, where the wheel's comments do not list them


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceType:
    """How one resource type is spoken of to its API."""

    endpoint: str  # the provider's setting without _custom_endpoint
    path: str  # of the resource, below the endpoint; also its id in Terraform
    message: str = ""  # the API's document and the schema in it: "secretmanager.v1/Secret"
    kind: str = "standard"  # the file of `resources` whose class creates, reads, updates and deletes it
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
    facts: Facts
    policy: str = ""  # how an IAM policy is read: GET, GET3 (asks for version 3), POST, POST3, STORAGE


_LOCATION = "projects/{project}/locations/{location}"
_REGION = "projects/{project}/locations/{region}"
_VERTEX = "aiplatform.v1/GoogleCloudAiplatformV1"
_IAM_MEMBER = "role member condition condition.title condition.expression condition.description"
_REPOSITORY_REMOTES = (
    "remote_repository_config.apt_repository remote_repository_config.common_repository"
    " remote_repository_config.docker_repository"
    " remote_repository_config.maven_repository remote_repository_config.npm_repository"
    " remote_repository_config.python_repository"
    " remote_repository_config.yum_repository"
)
_CUSTOM_REMOTES = ("docker_repository", "maven_repository", "npm_repository", "python_repository")
_PACKAGE_REMOTES = ("apt_repository", "yum_repository")
_RETRIES = ("max_backoff_duration", "max_doublings", "max_retry_duration", "min_backoff_duration", "retry_count")

RESOURCES: dict[str, ResourceType] = {
    "google_artifact_registry_repository": ResourceType(
        endpoint="artifact_registry", path=_LOCATION + "/repositories/{repository_id}",
        message="artifactregistry.v1/Repository",
        id_query="repository_id", keyed={"cleanup_policies": "id"}, patch_also="remote_repository_config",
        facts=Facts(
            force_new="project location repository_id format kms_key_name mode"
            " maven_config.allow_snapshot_overwrites maven_config.version_policy remote_repository_config"
            " remote_repository_config.description remote_repository_config.no_cache"
            " remote_repository_config.common_repository.uri "
            + _REPOSITORY_REMOTES
            + "".join(
                f" remote_repository_config.{remote}.{rest}"
                for remote in _CUSTOM_REMOTES
                for rest in ("public_repository", "custom_repository", "custom_repository.uri")
            )
            + "".join(
                f" remote_repository_config.{remote}.{rest}"
                for remote in _PACKAGE_REMOTES
                for rest in (
                    "public_repository",
                    "public_repository.repository_base",
                    "public_repository.repository_path",
                )
            ),
            defaults={
                "mode": "STANDARD_REPOSITORY",
                "cleanup_policies.condition.tag_state": "ANY",
                "maven_config.version_policy": "VERSION_POLICY_UNSPECIFIED",
            },
            computed_blocks="vulnerability_scanning_config",
            empty_blocks="remote_repository_config.no_cache",
            conflicts=(
                "remote_repository_config virtual_repository_config",
                *(
                    f"remote_repository_config.{remote}.public_repository"
                    f" remote_repository_config.{remote}.custom_repository"
                    for remote in _CUSTOM_REMOTES
                ),
            ),
            exactly_one=(_REPOSITORY_REMOTES,),
            equal={
                "format": "case",
                "cleanup_policies.condition.newer_than": "duration",
                "cleanup_policies.condition.older_than": "duration",
            },
        ),
    ),
    "google_artifact_registry_repository_iam_member": ResourceType(
        endpoint="artifact_registry", path=_LOCATION + "/repositories/{repository}", kind="iam_member", policy="GET",
        facts=Facts(
            force_new=f"project location repository {_IAM_MEMBER}",
            deletion_policy=None,
            equal={"repository": "name", "member": "member"},
        ),
    ),
    "google_cloud_run_v2_service_iam_member": ResourceType(
        endpoint="cloud_run_v2", path=_LOCATION + "/services/{name}", kind="iam_member", policy="GET",
        facts=Facts(
            force_new=f"project location name {_IAM_MEMBER}",
            deletion_policy=None,
            equal={"name": "name", "member": "member"},
        ),
    ),
    "google_cloud_scheduler_job": ResourceType(
        endpoint="cloud_scheduler", path=_REGION + "/jobs/{name}",
        message="cloudscheduler.v1/Job", kind="scheduler_job",
        names_itself=True, masked=False,
        facts=Facts(
            force_new="project region name",
            defaults={"attempt_deadline": "180s", "time_zone": "Etc/UTC"},
            exactly_one=("app_engine_http_target http_target pubsub_target",),
            at_least_one=(
                " ".join(
                    f"app_engine_http_target.app_engine_routing.{name}" for name in ("instance", "service", "version")
                ),
                "retry_config." + " retry_config.".join(_RETRIES),
            ),
            equal={"attempt_deadline": "deadline", "http_target.uri": "slash"},
        ),
    ),
    "google_cloudbuild_trigger": ResourceType(
        endpoint="cloud_build", path=_LOCATION + "/triggers/{trigger_id}",
        message="cloudbuild.v1/BuildTrigger", kind="build_trigger",
        renames={"build.secret": "secrets", "build.step": "steps"},
        facts=Facts(
            version=2,
            force_new="project location",
            defaults={
                "location": "global",
                "approval_config.approval_required": False,
                "build.timeout": "600s",
                "trigger_template.repo_name": "default",
            },
            computed_blocks="approval_config",
            exactly_one=(
                "build filename git_file_source",
                "bitbucket_server_trigger_config.push.branch bitbucket_server_trigger_config.push.tag",
                "github.push.branch github.push.tag",
                "trigger_template.branch_name trigger_template.commit_sha trigger_template.tag_name",
                " ".join(f"build.source.repo_source.{name}" for name in ("branch_name", "commit_sha", "tag_name")),
            ),
        ),
    ),
    "google_cloudfunctions2_function": ResourceType(
        endpoint="cloudfunctions2", path=_LOCATION + "/functions/{name}", message="cloudfunctions.v2/Function",
        id_query="functionId", names_itself=True, always_sent="service_config.all_traffic_on_latest_revision",
        facts=Facts(
            force_new="project location name build_config.source.repo_source.project_id",
            defaults={
                "service_config.all_traffic_on_latest_revision": True,
                "service_config.ingress_settings": "ALLOW_ALL",
            },
            computed_blocks="build_config.automatic_update_policy service_config.secret_volumes.versions",
            empty_blocks="build_config.automatic_update_policy build_config.on_deploy_update_policy",
            conflicts=("service_config.direct_vpc_network_interface service_config.vpc_connector",),
            server_keys={"service_config.environment_variables": "LOG_EXECUTION_ID"},
        ),
    ),
    "google_firestore_database": ResourceType(
        endpoint="firestore", path="projects/{project}/databases/{name}",
        message="firestore.v1/GoogleFirestoreAdminV1Database",
        id_query="databaseId", names_itself=True, patch_also="etag",
        facts=Facts(
            force_new="project name location_id database_edition firestore_data_access_mode"
            " mongodb_compatible_data_access_mode realtime_updates_mode tags cmek_config cmek_config.kms_key_name",
            defaults={"point_in_time_recovery_enablement": "POINT_IN_TIME_RECOVERY_DISABLED"},
            deletion_policy="ABANDON",
            unread="tags",
        ),
    ),
    "google_project_iam_custom_role": ResourceType(
        endpoint="iam_beta", path="projects/{project}/roles/{role_id}", message="iam.v1/Role",
        kind="custom_role", full_name=True, renames={"permissions": "includedPermissions"},
        facts=Facts(
            force_new="project role_id",
            defaults={"stage": "GA"},
            allowed={"stage": "ALPHA BETA GA DEPRECATED DISABLED EAP"},
        ),
    ),
    "google_project_iam_member": ResourceType(
        endpoint="resource_manager", path="projects/{project}",
        kind="iam_member", policy="POST3", identifier="{project}",
        facts=Facts(
            force_new=f"project {_IAM_MEMBER}", deletion_policy=None, equal={"project": "project", "member": "member"}
        ),
    ),
    "google_project_service": ResourceType(
        endpoint="service_usage", path="projects/{project}/services/{service}",
        kind="project_service", identifier="{project}/{service}",
        facts=Facts(force_new="project service", equal={"project": "project"}),
    ),
    "google_pubsub_topic": ResourceType(
        endpoint="pubsub", path="projects/{project}/topics/{name}",
        message="pubsub.v1/Topic", put=True, wrapped="topic",
        facts=Facts(
            force_new="project name tags",
            defaults={
                "message_transforms.disabled": False,
                "schema_settings.encoding": "ENCODING_UNSPECIFIED",
                "ingestion_data_source_settings.cloud_storage.text_format.delimiter": "\n",
                "ingestion_data_source_settings.platform_logs_settings.severity": "SEVERITY_UNSPECIFIED",
            },
            computed_blocks="message_storage_policy",
            equal={"name": "name"},
            unread="tags",
            empty_blocks="ingestion_data_source_settings.cloud_storage.avro_format"
            " ingestion_data_source_settings.cloud_storage.pubsub_avro_format",
        ),
    ),
    "google_pubsub_topic_iam_member": ResourceType(
        endpoint="pubsub", path="projects/{project}/topics/{topic}", kind="iam_member", policy="GET",
        facts=Facts(
            force_new=f"project topic {_IAM_MEMBER}", deletion_policy=None, equal={"topic": "name", "member": "member"}
        ),
    ),
    "google_secret_manager_secret": ResourceType(
        endpoint="secret_manager", path="projects/{project}/secrets/{secret_id}", message="secretmanager.v1/Secret",
        id_query="secretId", full_name=True, patch_also="replication", renames={"replication.auto": "automatic"},
        facts=Facts(
            force_new="project secret_id tags replication replication.auto replication.user_managed"
            " replication.user_managed.replicas replication.user_managed.replicas.location",
            defaults={"deletion_protection": False},
            unread="tags ttl",
            empty_blocks="replication.auto",
            exactly_one=("replication.auto replication.user_managed",),
            required_with=("rotation topics", "rotation.next_rotation_time rotation.rotation_period"),
        ),
    ),
    "google_secret_manager_secret_iam_member": ResourceType(
        endpoint="secret_manager", path="projects/{project}/secrets/{secret_id}", kind="iam_member", policy="GET3",
        facts=Facts(
            force_new=f"project secret_id {_IAM_MEMBER}",
            deletion_policy=None,
            equal={"secret_id": "name", "member": "member"},
        ),
    ),
    "google_secret_manager_secret_version": ResourceType(
        endpoint="secret_manager", path="{secret}/versions/{version}", message="secretmanager.v1/SecretVersion",
        kind="secret_version", full_name=True,
        facts=Facts(
            version=0,
            force_new="project secret secret_data secret_data_wo_version is_secret_data_base64",
            defaults={"enabled": True},
            sensitive="secret_data",
            write_only="secret_data_wo",
            deletion_policy=None,
            exactly_one=("secret_data secret_data_wo",),
            equal={"secret": "name"},
        ),
    ),
    "google_service_account": ResourceType(
        endpoint="iam_beta", path="projects/{project}/serviceAccounts/{email}", message="iam.v1/ServiceAccount",
        kind="service_account", full_name=True,
        facts=Facts(force_new="project account_id", defaults={"disabled": False}),
    ),
    "google_service_account_iam_member": ResourceType(
        endpoint="iam_beta", path="{service_account_id}", kind="iam_member", policy="POST",
        facts=Facts(
            force_new=f"service_account_id {_IAM_MEMBER}", deletion_policy=None, equal={"member": "member"}
        ),
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
        facts=Facts(
            version=4,
            force_new="project name location enable_object_retention custom_placement_config.data_locations"
            " hierarchical_namespace hierarchical_namespace.enabled",
            defaults={
                "storage_class": "STANDARD",
                "force_destroy": False,
                "retention_policy.is_locked": False,
                "soft_delete_policy.retention_duration_seconds": 604800,
            },
            computed_blocks="soft_delete_policy versioning website",
            at_least_one=("website.main_page_suffix website.not_found_page",),
            required_with=("ip_filter.allow_cross_org_vpcs ip_filter.vpc_network_sources",),
            allowed={
                "ip_filter.mode": "Enabled Disabled",
                "lifecycle_rule.condition.with_state": "LIVE ARCHIVED ANY",
                "encryption.customer_managed_encryption_enforcement_config.restriction_mode": "NotRestricted"
                " FullyRestricted",
                "encryption.customer_supplied_encryption_enforcement_config.restriction_mode": "NotRestricted"
                " FullyRestricted",
                "encryption.google_managed_encryption_enforcement_config.restriction_mode": "NotRestricted"
                " FullyRestricted",
            },
        ),
    ),
    "google_storage_bucket_iam_member": ResourceType(
        endpoint="storage", path="b/{bucket}", kind="iam_member", policy="STORAGE",
        facts=Facts(
            force_new=f"bucket {_IAM_MEMBER}", deletion_policy=None, equal={"bucket": "bucket", "member": "member"}
        ),
    ),
    "google_storage_bucket_object": ResourceType(
        endpoint="storage", path="b/{bucket}/o/{name}",
        message="storage.v1/Object", kind="bucket_object", identifier="{bucket}-{name}",
        renames={"md5hash": "md5Hash", "output_name": "name", "contexts.custom": ""},
        facts=Facts(
            force_new="bucket name cache_control content_disposition content_encoding content_language content_type"
            " customer_encryption.encryption_algorithm customer_encryption.encryption_key force_empty_content_type"
            " kms_key_name metadata"
            " source storage_class",
            defaults={"detect_md5hash": "different hash", "customer_encryption.encryption_algorithm": "AES256"},
            sensitive="content customer_encryption.encryption_key",
            conflicts=(
                "content_type force_empty_content_type",
                "customer_encryption kms_key_name",
                "event_based_hold retention",
            ),
            exactly_one=("content source",),
        ),
    ),
    "google_vertex_ai_endpoint": ResourceType(
        endpoint="vertex_ai", path=_LOCATION + "/endpoints/{name}", message=_VERTEX + "Endpoint", id_query="endpointId",
        facts=Facts(
            force_new="project location region name network encryption_spec encryption_spec.kms_key_name"
            " private_service_connect_config.enable_private_service_connect",
            conflicts=(
                "dedicated_endpoint_enabled private_service_connect_config",
                "network private_service_connect_config",
            ),
            equal={"traffic_split": "json"},
        ),
    ),
}  # fmt: skip

DATA_SOURCES: tuple[str, ...] = ("google_client_config", "google_project")
DATA_FACTS: dict[str, Facts] = {"google_client_config": Facts(sensitive="access_token")}

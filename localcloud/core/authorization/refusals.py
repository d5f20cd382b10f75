"""Google's sentences for callers that are not known or not allowed, API by API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from localcloud.core.errors import ApiError

if TYPE_CHECKING:
    from localcloud.iam.resources import Resource

_ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo"
_EXPECTED = (
    "Expected OAuth 2 access token, login cookie or other valid authentication credential. "
    "See https://developers.google.com/identity/sign-in/web/devconsole-project."
)
_ACT_AS = "iam.serviceAccounts.actAs"
_NO_PERMISSION = "The caller does not have permission"
_OF_IAM = "Permission '{permission}' denied on resource (or it may not exist)."
_SENTENCES = {
    "cloudbilling": _NO_PERMISSION,
    "cloudresourcemanager": _NO_PERMISSION,
    "cloudscheduler": (
        'The principal (user or service account) lacks IAM permission "{permission}" '
        'for the resource "{name}" (or the resource may not exist).'
    ),
    "compute": "Required '{permission}' permission for '{name}'",
    "firestore": "Missing or insufficient permissions.",
    "iam": _OF_IAM,
    "iamcredentials": _OF_IAM,
    "pubsub": "User not authorized to perform this action.",
    "run": "Permission '{permission}' denied on resource '{name}' (or resource may not exist).",
    "secretmanager": "Permission '{permission}' denied for resource '{name}' (or it may not exist).",
    "serviceusage": _NO_PERMISSION,
}


def credentials_missing(api: str, method: str) -> ApiError:
    """Return the 401 of a request without a token."""
    return _unauthenticated(
        f"Request is missing required authentication credential. {_EXPECTED}", "CREDENTIALS_MISSING", api, method
    )


def credentials_invalid(api: str, method: str) -> ApiError:
    """Return the 401 of a request whose token is forged, foreign, expired, of another kind, or of nobody any more."""
    return _unauthenticated(
        f"Request had invalid authentication credentials. {_EXPECTED}", "ACCESS_TOKEN_TYPE_UNSUPPORTED", api, method
    )


def denied(api: str, principal: str | None, permission: str, resource: Resource) -> ApiError:
    """Return the 403 of a caller that lacks the permission; Cloud Storage's anonymous caller gets a 401."""
    message = _sentence(api, principal, permission, resource)
    if principal is None and api == "storage":
        return ApiError(401, "UNAUTHENTICATED", message, reason="required")
    return ApiError(403, "PERMISSION_DENIED", message, details=[_info(permission, resource)])


def unknown_method(api: str, method: str) -> ApiError:
    """Return the 403 of a method whose permissions nobody knows: what is unknown denies."""
    return ApiError(
        403,
        "PERMISSION_DENIED",
        f"The caller does not have permission: localcloud does not know which permissions {api}.{method} needs; "
        "add them to localcloud/iam/facts/methods",
    )


def _unauthenticated(message: str, reason: str, api: str, method: str) -> ApiError:
    metadata = {"service": f"{api}.googleapis.com", "method": method}
    info = {"@type": _ERROR_INFO, "reason": reason, "domain": "googleapis.com", "metadata": metadata}
    return ApiError(401, "UNAUTHENTICATED", message, details=[info])


def _info(permission: str, resource: Resource) -> dict[str, Any]:
    return {
        "@type": _ERROR_INFO,
        "reason": "IAM_PERMISSION_DENIED",
        "domain": "iam.googleapis.com",
        "metadata": {"permission": permission, "resource": resource.name},
    }


def _sentence(api: str, principal: str | None, permission: str, resource: Resource) -> str:
    email = principal.partition(":")[2] if principal else "Anonymous caller"
    if permission == _ACT_AS:
        return _cannot_act_as(api, email, resource)
    if api == "storage":
        return _of_storage(email, permission, resource)
    sentence = _SENTENCES.get(api, "Permission '{permission}' denied on resource '{full_name}' (or it may not exist).")
    return sentence.format(permission=permission, name=resource.name, full_name=resource.full_name)


def _of_storage(email: str, permission: str, resource: Resource) -> str:
    noun = {"Bucket": "bucket", "Object": "object"}.get(resource.type.rpartition("/")[2])
    what = f"Google Cloud Storage {noun}" if noun else "Google Cloud project"
    return (
        f"{email} does not have {permission} access to the {what}. "
        f"Permission '{permission}' denied on resource (or it may not exist)."
    )


def _cannot_act_as(api: str, caller: str, account: Resource) -> str:
    email = account.name.rpartition("/")[2]
    if api == "aiplatform":
        return f"You do not have permission to act as service_account: {email}. (or it may not exist)."
    if api == "cloudscheduler":
        return (
            f'The principal (user or service account) lacks IAM permission "{_ACT_AS}" '
            f'for the resource "{email}" (or the resource may not exist).'
        )
    return (
        f"Caller {caller} is missing permission '{_ACT_AS}' on service account {account.name}. Grant the role "
        "'roles/iam.serviceAccountUser' to the caller on the service account, which also has to exist."
    )

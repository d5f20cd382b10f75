"""One attempt of a scheduled job: the request, and the google.rpc code of its outcome."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import aiohttp

from localcloud.core.errors import ApiError

if TYPE_CHECKING:
    from localcloud.core.cloud import Cloud

__all__ = ["attempt", "status_of"]

_OK, _BAD_REQUEST, _SERVER_ERROR = 200, 400, 500
_CODES = {
    400: 3,  # INVALID_ARGUMENT
    401: 16,  # UNAUTHENTICATED
    403: 7,  # PERMISSION_DENIED
    404: 5,  # NOT_FOUND
    409: 10,  # ABORTED
    429: 8,  # RESOURCE_EXHAUSTED
    499: 1,  # CANCELLED
    501: 12,  # UNIMPLEMENTED
    503: 14,  # UNAVAILABLE
    504: 4,  # DEADLINE_EXCEEDED
}
_DEADLINE_EXCEEDED, _FAILED_PRECONDITION, _UNIMPLEMENTED, _INTERNAL, _UNAVAILABLE = 4, 9, 12, 13, 14


def status_of(http_status: int) -> dict[str, Any]:
    """Return the google.rpc.Status that Cloud Scheduler shows for an HTTP answer; empty means success."""
    if _OK <= http_status < _BAD_REQUEST - 100:
        return {}
    default = _INTERNAL if http_status >= _SERVER_ERROR else _FAILED_PRECONDITION
    return {"code": _CODES.get(http_status, default)}


async def attempt(
    session: aiohttp.ClientSession, cloud: Cloud, job: dict[str, Any], *, scheduled: str | None
) -> dict[str, Any]:
    """Send the job's request and return the status of the outcome; nothing is raised."""
    target = job.get("httpTarget")
    if target is None:
        return {"code": _UNIMPLEMENTED, "message": "localcloud sends jobs with an HTTP target only"}
    if not target["uri"].startswith("https://"):
        return {"code": _UNAVAILABLE, "message": f"{target['uri']} cannot be reached: localcloud lets nothing out"}
    deadline_seconds = float(job.get("attemptDeadline", "180s").rstrip("s"))
    try:
        async with session.request(
            target.get("httpMethod", "POST"),
            target["uri"],
            proxy=cloud.proxy_url,
            headers=_headers(cloud, job, target, scheduled),
            data=base64.b64decode(target.get("body", "")),
            timeout=aiohttp.ClientTimeout(total=deadline_seconds),
            allow_redirects=False,
        ) as answer:
            await answer.read()
            return status_of(answer.status)
    except TimeoutError:
        return {"code": _DEADLINE_EXCEEDED, "message": f"{target['uri']} did not answer within {deadline_seconds:g} s"}
    except aiohttp.ClientError as exc:
        return {"code": _UNAVAILABLE, "message": f"{target['uri']} cannot be reached: {exc}"}
    except ApiError as error:
        return error.as_rpc_status()


def _headers(cloud: Cloud, job: dict[str, Any], target: dict[str, Any], scheduled: str | None) -> dict[str, str]:
    headers = {
        **target.get("headers", {}),
        "X-CloudScheduler": "true",
        "X-CloudScheduler-JobName": job["name"].rpartition("/")[2],
    }
    if scheduled:
        headers["X-CloudScheduler-ScheduleTime"] = scheduled
    if oidc := target.get("oidcToken"):
        email = _usable(cloud, oidc["serviceAccountEmail"], "iam.serviceAccounts.getOpenIdToken")
        token = cloud.tokens.mint_identity(email, oidc.get("audience") or target["uri"], inside=True)
        headers["Authorization"] = f"Bearer {token}"
    elif oauth := target.get("oauthToken"):
        email = _usable(cloud, oauth["serviceAccountEmail"], "iam.serviceAccounts.getAccessToken")
        headers["Authorization"] = f"Bearer {cloud.tokens.mint_access(email)}"
    return headers


def _usable(cloud: Cloud, email: str, permission: str) -> str:
    """Return the account when Cloud Scheduler's agent may make tokens of it; raises ApiError 403 or 404."""
    if not cloud.access.accounts.is_usable(email):
        raise ApiError.not_found(f"Unknown service account {email}: it was deleted or disabled")
    account = cloud.access.project.named("iam", f"projects/{cloud.project}/serviceAccounts/{email}")
    cloud.access.require_agent("cloudscheduler", permission, account)
    return email

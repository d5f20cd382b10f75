"""What Google answers when it refuses for a while: an exhausted quota, an overloaded or unavailable service.

Sources: https://cloud.google.com/apis/design/errors (ErrorInfo of a rate limit, with its metadata; statuses and their
words), and google/rpc/error_details.proto of googleapis (QuotaFailure).
"""

from __future__ import annotations

from localcloud.core.errors import ApiError

__all__ = ["exhausted_quota", "passing_refusal"]

_TOO_MANY = 429
# Data planes whose requests count against another API's quota.
_COUNTED_BY = {"docker": "artifactregistry", "kfp": "artifactregistry", "run.app": "run", "cloudfunctions.net": "run"}
_TYPES = "type.googleapis.com/google.rpc."


def exhausted_quota(api: str, region: str, project_number: str, *, retry_after_seconds: int | None) -> ApiError:
    """Return the 429 of a project that has used up its requests a minute of the API in the region."""
    service, consumer = f"{_COUNTED_BY.get(api, api)}.googleapis.com", f"projects/{project_number}"
    metric = f"{service}/default_requests"
    limit = "DefaultRequestsPerMinutePerProject" + ("" if region == "global" else "PerRegion")
    sentence = (
        f"Quota exceeded for quota metric '{metric}' and limit '{limit}' of service '{service}' "
        f"for consumer 'project_number:{project_number}'."
    )
    info = {
        "@type": f"{_TYPES}ErrorInfo",
        "reason": "RATE_LIMIT_EXCEEDED",
        "domain": "googleapis.com",
        "metadata": {
            "service": service,
            "consumer": consumer,
            "quota_metric": metric,
            "quota_limit": limit,
            "quota_limit_value": "0",
            "quota_location": region,
            "quota_unit": "1/min/{project}" + ("" if region == "global" else "/{region}"),
        },
    }
    violation = {"subject": f"project_number:{project_number}", "description": sentence}
    failure = {"@type": f"{_TYPES}QuotaFailure", "violations": [violation]}
    return ApiError(
        _TOO_MANY,
        "RESOURCE_EXHAUSTED",
        sentence,
        details=[info, failure],
        retry_after_seconds=retry_after_seconds,
    )


def passing_refusal(http_status: int, *, retry_after_seconds: int | None) -> ApiError:
    """Return the 429 or 503 of a service that answers some requests and refuses others."""
    if http_status == _TOO_MANY:
        sentence = "Resource has been exhausted (e.g. check quota)."
        return ApiError(_TOO_MANY, "RESOURCE_EXHAUSTED", sentence, retry_after_seconds=retry_after_seconds)
    sentence = "The service is currently unavailable."
    return ApiError(http_status, "UNAVAILABLE", sentence, retry_after_seconds=retry_after_seconds)

"""Who may invoke a Run service: the check that Google's front end makes before a request reaches the container."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from localcloud.core.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from localcloud.core.cloud import Cloud

__all__ = ["require_invoker"]

# The predefined roles that hold run.routes.invoke.
_INVOKING_ROLES = ("roles/run.invoker", "roles/run.admin", "roles/run.servicesInvoker")


def require_invoker(cloud: Cloud, service: Mapping[str, Any], headers: Mapping[str, str]) -> None:
    """Return if the request may pass. Raises ApiError 401 without a token for the service, 403 without the role."""
    name = service["name"]
    allowed = _members(cloud, name)
    if "allUsers" in allowed:
        return
    claims = cloud.tokens.verify_identity(_bearer(headers, name))
    audiences = {service.get("uri", ""), *service.get("urls", ()), *service.get("customAudiences", ())}
    if str(claims.get("aud", "")).rstrip("/") not in audiences:
        raise ApiError.unauthenticated(
            f"cannot invoke {name}: the identity token is for audience {claims.get('aud')!r}; "
            f"ask for a token with audience {service.get('uri')!r}"
        )
    principal = f"serviceAccount:{claims['email']}"
    if principal not in allowed and "allAuthenticatedUsers" not in allowed:
        raise ApiError.denied(
            f"cannot invoke {name}: {principal} has not the permission run.routes.invoke; "
            f"grant it roles/run.invoker on the service (now granted to: {', '.join(sorted(allowed)) or 'nobody'})"
        )


def _bearer(headers: Mapping[str, str], name: str) -> str:
    # Google's front end takes the second header where an application keeps the first for itself.
    for header in ("X-Serverless-Authorization", "Authorization"):
        scheme, _, token = headers.get(header, "").partition(" ")
        if scheme.lower() == "bearer" and token:
            return token.strip()
    raise ApiError.unauthenticated(
        f"cannot invoke {name}: the request carries no identity token; "
        "send `Authorization: Bearer <OIDC token>` with the service's URL as audience"
    )


def _members(cloud: Cloud, name: str) -> set[str]:
    project = "/".join(name.split("/")[:2])
    resources = (("run", name), ("cloudresourcemanager", project))
    return {
        member
        for api, resource in resources
        for binding in cloud.policies.get(api, resource).get("bindings", [])
        # A condition cannot be evaluated here, and what cannot be proved is not granted.
        if binding.get("role") in _INVOKING_ROLES and not binding.get("condition")
        for member in binding.get("members", [])
    }

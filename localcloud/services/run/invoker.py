"""Who may invoke a Run service: the check that Google's front end makes before a request reaches the container."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from localcloud.core.errors import ApiError
from localcloud.core.identity.tokens import is_from_inside

if TYPE_CHECKING:
    from collections.abc import Mapping

    from localcloud.core.cloud import Cloud

__all__ = ["require_invoker"]

_API, _METHOD, _PERMISSION = "run", "invoke", "run.routes.invoke"
_OPEN_INGRESS = ("INGRESS_TRAFFIC_ALL", "INGRESS_TRAFFIC_UNSPECIFIED")


def require_invoker(cloud: Cloud, service: Mapping[str, Any], headers: Mapping[str, str]) -> str | None:
    """Return who invokes, None for anybody, if the request may pass.

    Raises ApiError 404 for a request from outside where only inside is let in, 401 without a token for the service,
    403 without the permission.
    """
    name = service["name"]
    resource = cloud.access.project.named(_API, name)
    token = _bearer(headers)
    _require_ingress(cloud, service, token)
    if cloud.access.holds(None, _PERMISSION, resource):
        cloud.access.require(None, _PERMISSION, resource, api=_API, method=_METHOD)
        return None
    if token is None:
        raise ApiError.unauthenticated(
            f"cannot invoke {name}: the request carries no identity token; "
            "send `Authorization: Bearer <OIDC token>` with the service's URL as audience"
        )
    claims = cloud.tokens.verify_identity(token)
    audiences = {service.get("uri", ""), *service.get("urls", ()), *service.get("customAudiences", ())}
    if str(claims.get("aud", "")).rstrip("/") not in audiences:
        raise ApiError.unauthenticated(
            f"cannot invoke {name}: the identity token is for audience {claims.get('aud')!r}; "
            f"ask for a token with audience {service.get('uri')!r}"
        )
    if not cloud.access.accounts.is_usable(claims["email"]):
        raise ApiError.unauthenticated(
            f"cannot invoke {name}: the identity token is of {claims['email']}, which is disabled or deleted"
        )
    principal = f"serviceAccount:{claims['email']}"
    try:
        cloud.access.require(principal, _PERMISSION, resource, api=_API, method=_METHOD)
    except ApiError as error:
        raise ApiError(
            error.code,
            error.status,
            f"cannot invoke {name}: {principal} has not the permission {_PERMISSION}; "
            f"grant it roles/run.invoker on the service",
            details=error.details,
        ) from error
    return principal


def _require_ingress(cloud: Cloud, service: Mapping[str, Any], token: str | None) -> None:
    """Let nobody in from outside where the service says so.

    At Google the network tells where a request comes from. Here everything is one machine, so the token tells: what
    Cloud Scheduler sends is from inside, and what a function sends whose traffic all goes through a VPC.
    """
    if service.get("ingress", _OPEN_INGRESS[0]) in _OPEN_INGRESS:
        return
    if token is None or not is_from_inside(cloud.tokens.verify_identity(token)):
        raise ApiError.not_found(
            f"cannot invoke {service['name']}: its ingress is {service['ingress']}, and the request comes from "
            "outside; "
            "let Cloud Scheduler call it, or open the ingress"
        )


def _bearer(headers: Mapping[str, str]) -> str | None:
    # Google's front end takes the second header where an application keeps the first for itself.
    for header in ("X-Serverless-Authorization", "Authorization"):
        scheme, _, token = headers.get(header, "").partition(" ")
        if scheme.lower() == "bearer" and token:
            return token.strip()
    return None

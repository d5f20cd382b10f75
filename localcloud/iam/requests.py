"""From a request to what it must be allowed: pairs of a permission and a resource."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from localcloud.iam import resources
from localcloud.iam.methods import needs_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from localcloud.iam.methods import Need
    from localcloud.iam.resources import Holder, Project, Resource


class Check(NamedTuple):
    """One permission to be had on one resource."""

    permission: str
    resource: Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What of a call decides about its permissions. `path` is the called resource, of a collection its parent.

    `words` are what the service knows of its state, such as `overwrites`; `bucket_projects` are whose the buckets are.
    """

    api: str
    method: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    words: frozenset[str] = frozenset()
    bucket_projects: Mapping[str, Holder] = field(default_factory=dict)


def checks_of(request: Request, project: Project, default_account: str) -> tuple[Check, ...] | None:
    """Return what the request needs, None when its method is not known. `default_account` is who acts by default."""
    needs = needs_of(request.api, request.method)
    if needs is None:
        return None
    return tuple(
        Check(need.permission, resource)
        for need in needs
        if _applies(need, request)
        for resource in _resources(need.target, request, project, default_account)
    )


def _applies(need: Need, request: Request) -> bool:
    if not need.when:
        return True
    kind, _, rest = need.when.partition(".")
    if kind == "query":
        name, _, value = rest.partition("=")
        return request.query.get(name, "").lower() == value.lower()
    if kind == "body":
        return _value(request.body, rest) not in (None, "")
    return need.when in request.words


def _resources(target: str, request: Request, project: Project, default_account: str) -> tuple[Resource, ...]:
    kind, _, rest = target.partition(" ")
    if kind == "called":
        return (project.named(request.api, request.path),)
    if kind == "project":
        return (
            project.named("cloudresourcemanager", "/".join(request.path.split("/")[:2]) or f"projects/{project.id}"),
        )
    if kind == "account":
        email = str(_value(request.body, rest.removeprefix("body.")) or default_account).rpartition("/")[2]
        return (project.named("iam", f"projects/{project.id}/serviceAccounts/{email}"),)
    if kind == "resource":
        return (
            project.named(request.api, str(_value(request.body, rest.removeprefix("body.")) or "").partition("@")[0]),
        )
    return _stored(kind, request, project)


def _stored(kind: str, request: Request, project: Project) -> tuple[Resource, ...]:
    """Return what a request of Cloud Storage is about."""
    params = request.params
    bucket = params.get("bucket", "")
    source, destination = params.get("sourceBucket") or bucket, params.get("destinationBucket") or bucket

    def stored(holder: str, name: str) -> Resource:
        return resources.stored_object(holder, name, request.bucket_projects.get(holder, project.holder()))

    if kind == "bucket":
        return (resources.bucket(bucket, request.bucket_projects.get(bucket, project.holder())),)
    if kind == "object":
        return (stored(bucket, params.get("object", "")),)
    if kind == "source":
        return (stored(source, params.get("sourceObject", "")),)
    if kind == "destination":
        return (stored(destination, params.get("destinationObject") or params.get("object", "")),)
    if kind == "components":
        return tuple(stored(destination, one.get("name", "")) for one in request.body.get("sourceObjects", ()))
    raise ValueError(f"{request.api}.{request.method}: no request is about {kind!r}; see localcloud/iam/facts/methods")


def _value(body: Mapping[str, Any], path: str) -> Any:
    found: Any = body
    for part in path.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found

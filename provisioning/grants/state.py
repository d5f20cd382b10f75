"""The grants that an environment's state holds: what the last apply made is what is waited for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from provisioning.grants.records import Grant, Kind, Place
from provisioning.grants.telling import telling_permission

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

__all__ = ["grants_in"]

_TOKENS = "roles/iam.serviceAccountTokenCreator"
_DATABASE = re.compile(r'^resource\.name == "(projects/[^/"]+/databases/[^/"]+)"$')
_BUCKET = re.compile(r'^resource\.name == "projects/_/buckets/([^/"]+)"')


def grants_in(state: Mapping[str, Any]) -> tuple[tuple[Grant, ...], tuple[str, ...]]:
    """Return the grants to wait for, and those that cannot be tried, each with the reason, of `terraform show -json`.

    A grant can be tried by an identity whose tokens the state lets a deployer make.
    """
    resources = list(_resources(state.get("values", {}).get("root_module", {})))
    custom = {
        values["name"]: values["permissions"]
        for kind, values in resources
        if kind == "google_project_iam_custom_role" and values.get("name")
    }
    actable = {
        _short(values["service_account_id"])
        for kind, values in resources
        if kind == "google_service_account_iam_member" and values["role"] == _TOKENS
    }
    grants: set[Grant] = set()
    untried: set[str] = set()
    for kind, values in resources:
        if kind not in _PLACES or values["role"] == _TOKENS:
            continue
        found = _grant(_PLACES[kind](values), values, actable, custom)
        grants.add(found) if isinstance(found, Grant) else untried.add(found)
    return tuple(sorted(grants)), tuple(sorted(untried))


def _grant(
    place: Place, values: Mapping[str, Any], actable: set[str], custom: Mapping[str, Sequence[str]]
) -> Grant | str:
    """Return the grant, or the sentence that says why nobody can try it."""
    role, identity = values["role"], str(values["member"]).partition(":")[2]
    shown = f"{values['member']}: {role} on {place}"
    if identity not in actable:
        return f"{shown}: deployers get no tokens of it"
    permission = telling_permission(role, custom)
    if permission is None:
        return f"{shown}: no permission is known that tells the role; name one in provisioning/grants/telling.py"
    return Grant(identity=identity, place=place, role=role, permission=permission)


def _resources(module: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for resource in module.get("resources", []):
        yield resource["type"], resource["values"]
    for child in module.get("child_modules", []):
        yield from _resources(child)


def _short(name: str) -> str:
    return name.rpartition("/")[2]


def _full(collection: str, name: str, values: Mapping[str, Any]) -> str:
    """Return the full name of what a state may name either way."""
    return name if name.startswith("projects/") else f"projects/{values['project']}/{collection}/{name}"


def _of_project(values: Mapping[str, Any]) -> Place:
    """Return what a binding of the project is on: all of it, or the one thing that its condition names."""
    expression = "".join(condition["expression"] for condition in values.get("condition") or ())
    if database := _DATABASE.match(expression):
        return Place(kind=Kind.DATABASE, name=database[1])
    if bucket := _BUCKET.match(expression):
        return Place(kind=Kind.BUCKET, name=bucket[1])
    return Place(kind=Kind.PROJECT, name=f"projects/{values['project']}")


_PLACES: dict[str, Callable[[Mapping[str, Any]], Place]] = {
    "google_artifact_registry_repository_iam_member": lambda values: Place(
        kind=Kind.REPOSITORY, name=_full(f"locations/{values['location']}/repositories", values["repository"], values)
    ),
    "google_project_iam_member": _of_project,
    "google_pubsub_topic_iam_member": lambda values: Place(
        kind=Kind.TOPIC, name=_full("topics", values["topic"], values)
    ),
    "google_secret_manager_secret_iam_member": lambda values: Place(
        kind=Kind.SECRET, name=_full("secrets", values["secret_id"], values)
    ),
    "google_service_account_iam_member": lambda values: Place(
        kind=Kind.SERVICE_ACCOUNT, name=values["service_account_id"]
    ),
    "google_storage_bucket_iam_member": lambda values: Place(
        kind=Kind.BUCKET, name=str(values["bucket"]).removeprefix("b/")
    ),
}

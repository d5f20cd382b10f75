"""Which permissions each method needs: a table for what is irregular, Google's own naming for standard methods."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import msgspec

from localcloud.iam.roles import known_permissions

_FACTS = Path(__file__).parent / "facts" / "methods"
# Services whose permissions begin with another word than their API's name.
_WORD_OF = {"cloudbilling": "billing", "cloudresourcemanager": "resourcemanager", "firestore": "datastore"}
_STANDARD = {
    "create": "create",
    "delete": "delete",
    "get": "get",
    "getIamPolicy": "getIamPolicy",
    "list": "list",
    "patch": "update",
    "setIamPolicy": "setIamPolicy",
    "update": "update",
}


class Need(msgspec.Struct, frozen=True):
    """A permission with the target that it is needed on (default: what is called) and when (default: always)."""

    permission: str
    target: str = "called"
    when: str = ""


class _Table(msgspec.Struct):
    source: str
    read: str
    methods: dict[str, list[Need | str]]


def needs_of(api: str, method: str) -> tuple[Need, ...] | None:
    """Return the permissions of a method (its id without the API), empty for none, or None when nobody knows them.

    Standard methods follow `service.resource.verb` (https://cloud.google.com/iam/docs/permissions-reference); a
    permission that no predefined role holds does not exist, and is not made up.
    """
    table = _table(api)
    if method in table:
        return table[method]
    if method.endswith(".testIamPermissions"):
        return ()  # https://cloud.google.com/iam/docs/testing-permissions: whoever asks is told of himself
    collection, _, action = method.rpartition(".")
    noun = collection.rpartition(".")[2]
    if noun == "operations":
        return _of_operation(api, action)
    verb = _STANDARD.get(action)
    permission = f"{_WORD_OF.get(api, api)}.{noun}.{verb}"
    return (Need(permission),) if verb and permission in known_permissions() else None


def _of_operation(api: str, action: str) -> tuple[Need, ...] | None:
    """Return what an operation's method needs: many services have no permission for polling what one has started."""
    permission = f"{_WORD_OF.get(api, api)}.operations.{'get' if action == 'wait' else action}"
    if permission in known_permissions():
        return (Need(permission),)
    return () if action in {"get", "wait"} else None


@lru_cache(maxsize=64)
def _table(api: str) -> dict[str, tuple[Need, ...]]:
    path = _FACTS / f"{api}.yaml"
    if not path.exists():
        return {}
    table = msgspec.yaml.decode(path.read_bytes(), type=_Table)
    return {
        method: tuple(Need(one) if isinstance(one, str) else one for one in needs)
        for method, needs in table.methods.items()
    }

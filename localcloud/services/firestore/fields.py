"""Indexes and single-field settings of Firestore: data here, as the emulator needs none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from localcloud.core.service import fills, handles

if TYPE_CHECKING:
    from localcloud.core.call import Call
    from localcloud.core.cloud import Cloud

__all__ = ["Fields"]

_API = "firestore"
_FIELD = "type.googleapis.com/google.firestore.admin.v1.Field"


class Fields:
    """The field and index methods of the Firestore service."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    @handles("projects.databases.collectionGroups.fields.get")
    def get_field(self, call: Call) -> dict[str, Any]:
        """Return the field's settings; every field has some, touched or not."""
        return self._field(call.name)

    @handles("projects.databases.collectionGroups.fields.patch")
    def patch_field(self, call: Call) -> dict[str, Any]:
        """Set what is sent, or what the mask names; a setting that is named but not sent returns to its default."""
        field = self._field(call.name)
        for key in call.field_mask() or [key for key in ("indexConfig", "ttlConfig") if key in call.body]:
            sent = call.body.get(key)
            if key == "ttlConfig":
                field.pop(key, None)
                field |= {key: {"state": "ACTIVE"}} if sent is not None else {}
            elif key == "indexConfig":
                field[key] = sent if sent is not None else _inherited(call.name)
        short = call.name.rpartition("/")[2]
        for index in field["indexConfig"].get("indexes", []):
            _complete_index(index, short)
        self._cloud.store.put(_API, call.name, field)
        database = "/".join(call.name.split("/")[:4])
        return self._cloud.operations.done(_API, database, {"@type": _FIELD} | field)

    @fills("projects.databases.collectionGroups.indexes")
    def fill_index(self, _call: Call, index: dict[str, Any], _old: dict[str, Any] | None) -> None:
        """Make the index ready, and end it with the document's name as Google does."""
        index["state"] = "READY"
        index.setdefault("queryScope", "COLLECTION")
        fields = index.setdefault("fields", [])
        if not any(field.get("fieldPath") == "__name__" for field in fields):
            order = fields[-1].get("order", "ASCENDING") if fields else "ASCENDING"
            fields.append({"fieldPath": "__name__", "order": order})

    def _field(self, name: str) -> dict[str, Any]:
        return self._cloud.store.get(_API, name) or {"name": name, "indexConfig": _inherited(name)}


def _inherited(name: str) -> dict[str, Any]:
    database = "/".join(name.split("/")[:4])
    return {"usesAncestorConfig": True, "ancestorField": f"{database}/collectionGroups/__default__/fields/*"}


def _complete_index(index: dict[str, Any], field_path: str) -> None:
    index["state"] = "READY"
    index.setdefault("queryScope", "COLLECTION")
    if "fields" not in index:
        index["fields"] = [{key: index.pop(key) for key in ("order", "arrayConfig") if key in index}]
    for field in index["fields"]:
        field["fieldPath"] = field_path

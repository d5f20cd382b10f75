"""One model of the registry: its versions, their aliases, and what its region ingested for each."""

from __future__ import annotations

from typing import Any, Self

from localcloud.core.clock import now
from localcloud.core.errors import ApiError
from localcloud.core.standard_methods import etag
from localcloud.services.aiplatform.names import check_alias

DEFAULT = "default"
SHARED = ("displayName", "description")
"""What a model's versions share, as the last upload said."""


class ModelRecord:
    """All versions of one model as one stored document. Nothing is stored until the registry puts it."""

    def __init__(self, name: str, document: dict[str, Any] | None = None) -> None:
        self.name = name
        self.document = document or {
            "name": name,
            "createTime": now(),
            "nextVersion": 1,
            "model": {},
            "versions": {},
            "ingested": {},
        }

    @classmethod
    def empty(cls, name: str) -> Self:
        """Return a model without versions."""
        return cls(name)

    @property
    def versions(self) -> dict[str, dict[str, Any]]:
        """Public documents of the versions by their id."""
        found: dict[str, dict[str, Any]] = self.document["versions"]
        return found

    def version_id(self, reference: str) -> str:
        """Return the id of the version that an id or alias names; raises ApiError 404."""
        if reference in self.versions:
            return reference
        for version_id, version in self.versions.items():
            if reference in version["versionAliases"]:
                return version_id
        raise ApiError.not_found(f"The Model {self.name} has no version or alias {reference!r}.")

    def view(self, reference: str = DEFAULT, *, versioned_name: bool = False) -> dict[str, Any]:
        """Return a version as the API shows it; raises ApiError 404."""
        version_id = self.version_id(reference)
        name = f"{self.name}@{version_id}" if versioned_name else self.name
        version = self.versions[version_id]
        model: dict[str, Any] = self.document["model"]
        labels = model.get("labels", {}) | version.get("labels", {})
        return {"name": name, **version, **model} | ({"labels": labels} if labels else {})

    def ingested(self, version_id: str) -> dict[str, Any]:
        """Return what the region ingested for the version."""
        found: dict[str, Any] = self.document["ingested"][version_id]
        return found

    def add(self, model: dict[str, Any], ingested: dict[str, Any]) -> str:
        """Add a version with the aliases that the model names, and return its id; the first one becomes the default."""
        version_id = str(self.document["nextVersion"])
        self.document["nextVersion"] += 1
        aliases = list(dict.fromkeys(model.get("versionAliases", [])))
        if not self.versions and DEFAULT not in aliases:
            aliases.insert(0, DEFAULT)
        moment = now()
        times = {"createTime": self.document["createTime"], "versionCreateTime": moment, "versionUpdateTime": moment}
        self.document["model"] |= {key: model[key] for key in SHARED if key in model}
        kept = {key: value for key, value in model.items() if key not in {"name", "versionAliases", *SHARED}}
        if not self.versions and "labels" in kept:
            # Google shows the labels of model and version as one, and does not say where those of an upload land. Here
            # the upload that makes the model labels the model, so that they show on every later version as well.
            self.document["model"]["labels"] = kept.pop("labels")
        added = kept | times | {"versionId": version_id, "versionAliases": [], "updateTime": moment, "etag": etag()}
        self.versions[version_id] = added
        self.document["ingested"][version_id] = ingested
        self.merge_aliases(version_id, aliases)
        return version_id

    def merge_aliases(self, version_id: str, changes: list[str]) -> None:
        """Give the version these aliases, taking them from others; `-alias` takes one away. Raises ApiError 400."""
        version = self.versions[version_id]
        for change in changes:
            alias = check_alias(change.removeprefix("-"))
            if alias in self.versions:
                raise ApiError.invalid(f"alias {alias!r} is a version id of {self.name}")
        removed = {change[1:] for change in changes if change.startswith("-")}
        added = [change for change in changes if not change.startswith("-") and change not in removed]
        if DEFAULT in removed and DEFAULT in version["versionAliases"]:
            raise ApiError.invalid(
                f"the alias `default` of {self.name} cannot be removed from version {version_id}; "
                "give it to another version instead"
            )
        for other in self.versions.values():
            kept = [alias for alias in other["versionAliases"] if alias not in added]
            if len(kept) != len(other["versionAliases"]) and other is not version:
                other["versionAliases"] = kept
                other["versionUpdateTime"] = now()
        present = [alias for alias in version["versionAliases"] if alias not in removed]
        version["versionAliases"] = present + [alias for alias in added if alias not in present]
        self.touch(version_id)

    def remove(self, version_id: str) -> None:
        """Take the version away; raises ApiError 400 for the only one and for the default."""
        if len(self.versions) == 1:
            raise ApiError.failed_precondition(
                f"version {version_id} is the only one of {self.name}; delete the Model instead"
            )
        if DEFAULT in self.versions[version_id]["versionAliases"]:
            raise ApiError.failed_precondition(
                f"version {version_id} is the default of {self.name}; give `default` to another version first"
            )
        del self.versions[version_id]
        self.document["ingested"].pop(version_id, None)

    def touch(self, version_id: str) -> None:
        """Note that the version changed now."""
        self.versions[version_id] |= {"versionUpdateTime": now(), "updateTime": now(), "etag": etag()}

"""What a permission is checked on: its name, type and service for conditions, and whose policies count."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PROJECTS = "cloudresourcemanager"
_CAPITAL = re.compile(r"^[a-z]")
# APIs whose resources carry their policies under another API's name.
_POLICIES_OF = {"iamcredentials": "iam"}
_SERVICE_OF = {"iamcredentials": "iam"}
# Services whose resource names hold the project's number in conditions.
_BY_NUMBER = ("secretmanager",)


@dataclass(frozen=True, slots=True)
class Holder:
    """A resource that may have a policy, as the policies are stored."""

    api: str
    name: str


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource of a check. `holders` are itself and its ancestors, nearest first: a grant on any of them counts."""

    service: str
    type: str
    name: str
    holders: tuple[Holder, ...]

    @property
    def full_name(self) -> str:
        """The name with its service, as Google's refusals write it."""
        return f"//{self.service}/{self.name}"


@dataclass(frozen=True, slots=True)
class Project:
    """The project by id and number, which stand for each other in names."""

    id: str
    number: str

    def holder(self) -> Holder:
        """Return where the project's policy is."""
        return Holder(_PROJECTS, f"projects/{self.id}")

    def resource(self) -> Resource:
        """Return the project as what a permission is checked on."""
        return Resource(
            "cloudresourcemanager.googleapis.com",
            "cloudresourcemanager.googleapis.com/Project",
            f"projects/{self.id}",
            (self.holder(),),
        )

    def named(self, api: str, path: str) -> Resource:
        """Return the resource at `projects/…`; a policy of each of its ancestors counts."""
        parts = path.split("/")
        if parts[:1] != ["projects"] or len(parts) < 2:  # noqa: PLR2004 - projects and the project
            return _without_project(api, path)
        if parts[1] in {"-", self.number}:
            parts[1] = self.id
        if len(parts) == 2:  # noqa: PLR2004 - the project itself
            return Resource(
                "cloudresourcemanager.googleapis.com",
                "cloudresourcemanager.googleapis.com/Project",
                f"projects/{parts[1]}",
                (Holder(_PROJECTS, f"projects/{parts[1]}"),),
            )
        if api == "firestore":
            parts = parts[:4]  # IAM knows databases; what is in them has no names of its own there
        stored = _POLICIES_OF.get(api, api)
        above = tuple(Holder(stored, "/".join(parts[:end])) for end in range(len(parts), 2, -1) if end % 2 == 0)
        service = f"{_SERVICE_OF.get(api, api)}.googleapis.com"
        shown = [*parts]
        if api in _BY_NUMBER and parts[1] == self.id:
            shown[1] = self.number
        return Resource(
            service,
            f"{service}/{_type(parts)}",
            "/".join(shown),
            (*above, Holder(_PROJECTS, f"projects/{parts[1]}")),
        )


def bucket(name: str, project: Holder) -> Resource:
    """Return a Cloud Storage bucket."""
    return Resource(
        "storage.googleapis.com",
        "storage.googleapis.com/Bucket",
        f"projects/_/buckets/{name}",
        (Holder("storage", f"b/{name}"), project),
    )


def stored_object(bucket_name: str, name: str, project: Holder) -> Resource:
    """Return a Cloud Storage object, which may or may not exist."""
    return Resource(
        "storage.googleapis.com",
        "storage.googleapis.com/Object",
        f"projects/_/buckets/{bucket_name}/objects/{name}",
        (Holder("storage", f"b/{bucket_name}"), project),
    )


def _without_project(api: str, path: str) -> Resource:
    """Return what belongs to no project of this cloud: folders, organizations, billing accounts."""
    parts = path.split("/")
    service = f"{api}.googleapis.com"
    holders = tuple(Holder(api, "/".join(parts[:end])) for end in range(len(parts), 0, -1) if end % 2 == 0)
    return Resource(service, f"{service}/{_type(parts)}", path, holders)


def _type(parts: list[str]) -> str:
    """Return the type's name of a path: `serviceAccounts/x` is a ServiceAccount, `secrets/s/versions/1` a version."""
    collection = parts[-2] if len(parts) % 2 == 0 else parts[-1]
    if parts[-4:-3] == ["secrets"] and collection == "versions":
        return "SecretVersion"
    singular = collection
    for end, replacement in (("indexes", "index"), ("indices", "index"), ("ies", "y"), ("s", "")):
        if collection.endswith(end):
            singular = collection.removesuffix(end) + replacement
            break
    return _CAPITAL.sub(lambda match: match[0].upper(), singular)

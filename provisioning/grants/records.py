"""The words of waiting: a grant, what it is on, what an identity finds when it tries, and what came of the wait."""

from __future__ import annotations

from enum import StrEnum

from vertex_dr.kernel.records import Record

__all__ = ["Finding", "Grant", "Kind", "Place", "Waited"]


class Kind(StrEnum):
    """What carries a policy, or is told apart by a condition in the project's."""

    BUCKET = "bucket"
    DATABASE = "database"
    PROJECT = "project"
    REPOSITORY = "repository"
    SECRET = "secret"  # noqa: S105 - the kind of a resource, not a password
    SERVICE_ACCOUNT = "service account"
    TOPIC = "topic"


class Place(Record, frozen=True, kw_only=True, order=True):
    """What a grant is on; name is its full name in its own API, of a bucket the bare one."""

    kind: Kind
    name: str

    def __str__(self) -> str:
        """Return kind and name, as a report names it."""
        return f"{self.kind} {self.name}"


class Grant(Record, frozen=True, kw_only=True, order=True):
    """One identity, by its e-mail address, may use one permission on one place; a role is told by its permission."""

    identity: str
    place: Place
    role: str
    permission: str

    def __str__(self) -> str:
        """Return who may what on what."""
        return f"{self.identity}: {self.role} on {self.place}"


class Finding(Record, frozen=True, kw_only=True):
    """What an identity found: it may, it may not yet, or nobody can say; because says why where it may not."""

    holds: bool | None
    because: str = ""


class Waited(Record, frozen=True, kw_only=True):
    """What came of a wait: how long it took, which grants were seen to hold, and which nobody could try, with why."""

    seconds: float
    held: tuple[Grant, ...]
    untried: tuple[tuple[Grant, str], ...] = ()

"""Which service accounts exist, by what the IAM service has stored, and Google's own agents."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from localcloud.iam.agents import is_agent

if TYPE_CHECKING:
    from localcloud.core.store import Store
    from localcloud.iam.requests import Request
    from localcloud.iam.resources import Project

_API = "iam"
_AT = 3  # projects/p/serviceAccounts/…


def by_email(request: Request, accounts: Accounts) -> Request:
    """Return the request with the account of its path named by email, whether it was sent by email or by unique id."""
    parts = request.path.split("/")
    if len(parts) > _AT and parts[_AT - 1] == "serviceAccounts":
        parts[_AT] = accounts.email_of(parts[_AT])
    return replace(request, path="/".join(parts))


class Accounts:
    """Looks service accounts up; it changes none."""

    def __init__(self, store: Store, project: Project) -> None:
        self._store = store
        self._project = project

    def exists(self, email: str) -> bool:
        """Whether a policy may name the account."""
        return is_agent(email, self._project.number) or self._stored(email) is not None

    def is_usable(self, email: str) -> bool:
        """Whether the account may call: it exists and is not disabled."""
        stored = self._stored(email)
        if stored is None:
            return is_agent(email, self._project.number)
        return not stored.get("disabled")

    def email_of(self, key: str) -> str:
        """Return the email of an account given by email or by unique id; the key itself when there is no such id."""
        if not key.isdigit():
            return key
        accounts = self._store.children(_API, f"projects/{self._project.id}", "serviceAccounts")
        return next((str(one["email"]) for one in accounts if one["uniqueId"] == key), key)

    def _stored(self, email: str) -> dict[str, Any] | None:
        return self._store.get(_API, f"projects/{self._project.id}/serviceAccounts/{email}")

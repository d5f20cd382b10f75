"""Trying a grant at Google: a token of the identity, and what its API says of the permission."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from google.auth import exceptions, impersonated_credentials
from google.auth.transport.requests import AuthorizedSession

from provisioning.grants.records import Finding, Grant, Kind
from vertex_dr.kernel.errors import Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from requests import Response

__all__ = ["GoogleTrials"]

_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_AT_ONCE = 8
_TIMEOUT_SECONDS = 20.0
_OK, _FORBIDDEN, _NOT_FOUND = 200, 403, 404
_PASSING = {429, 500, 502, 503, 504}
_TESTED_BY_POST = {
    Kind.PROJECT: "https://cloudresourcemanager.googleapis.com/v3/{}:testIamPermissions",
    Kind.REPOSITORY: "https://artifactregistry.googleapis.com/v1/{}:testIamPermissions",
    Kind.SECRET: "https://secretmanager.googleapis.com/v1/{}:testIamPermissions",
    Kind.SERVICE_ACCOUNT: "https://iam.googleapis.com/v1/{}:testIamPermissions",
    Kind.TOPIC: "https://pubsub.googleapis.com/v1/{}:testIamPermissions",
}
_BUCKET = "https://storage.googleapis.com/storage/v1/b/{}/iam/testPermissions"
_DOCUMENT = "https://firestore.googleapis.com/v1/{}/documents/selectors/none"


@dataclass(frozen=True)
class GoogleTrials:
    """Tries grants with tokens that credentials may make of the identities (iam.serviceAccounts.getAccessToken)."""

    credentials: Any  # google-auth publishes no types
    session_of: Callable[[Any], AuthorizedSession] = AuthorizedSession
    _sessions: dict[str, AuthorizedSession] = field(default_factory=dict)

    def try_all(self, grants: Sequence[Grant]) -> Sequence[Finding]:
        """Return what each identity finds, in the order of the grants; who gets no answer has not found it yet.

        Raises Unreachable for an answer that trying again does not change.
        """
        for grant in grants:
            self._session(grant.identity)  # before threads share the dictionary
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(pool.map(self._try, grants))

    def _session(self, identity: str) -> AuthorizedSession:
        if identity not in self._sessions:
            acting = impersonated_credentials.Credentials(  # type: ignore[no-untyped-call] # publishes no types
                self.credentials, target_principal=identity, target_scopes=[_SCOPE], lifetime=3600
            )
            self._sessions[identity] = self.session_of(acting)
        return self._sessions[identity]

    def _try(self, grant: Grant) -> Finding:
        try:
            answer = self._ask(self._session(grant.identity), grant)
        except exceptions.RefreshError as error:  # generateAccessToken refused: that right is a grant, too
            return Finding(holds=False, because=f"no token of it yet: {_one_line(error)}")
        except (exceptions.TransportError, OSError) as error:
            return Finding(holds=False, because=f"no answer: {_one_line(error)}")
        return _finding(grant, answer)

    @staticmethod
    def _ask(session: AuthorizedSession, grant: Grant) -> Response:
        kind, name = grant.place.kind, grant.place.name
        if kind is Kind.BUCKET:
            url, asked = _BUCKET.format(name), {"permissions": grant.permission}
            return session.get(url, params=asked, timeout=_TIMEOUT_SECONDS)
        if kind is Kind.DATABASE:  # Firestore tests no permissions; a document that is not there tells as well
            return session.get(_DOCUMENT.format(name), timeout=_TIMEOUT_SECONDS)
        url = _TESTED_BY_POST[kind].format(name)
        body = {"permissions": [grant.permission]}
        return session.post(url, json=body, timeout=_TIMEOUT_SECONDS)


def _finding(grant: Grant, answer: Response) -> Finding:
    """Return what the answer means: who may read nothing of a place is told 403, and may yet be granted it."""
    is_read = grant.place.kind is Kind.DATABASE
    if answer.status_code == _OK:
        if is_read or grant.permission in answer.json().get("permissions", []):
            return Finding(holds=True)
        return Finding(holds=False, because=f"it lacks {grant.permission}")
    if answer.status_code == _NOT_FOUND:
        return Finding(holds=True) if is_read else Finding(holds=None, because=f"there is no {grant.place} yet")
    if answer.status_code == _FORBIDDEN:
        return Finding(holds=False, because=f"it lacks {grant.permission}")
    if answer.status_code in _PASSING:
        return Finding(holds=False, because=f"the API answered {answer.status_code}")
    raise Unreachable(
        f"try {grant}", found=f"status {answer.status_code}: {answer.text[:200]}", then="mend that and try again"
    )


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]

"""Scratch service accounts over the REST APIs of IAM and IAM Credentials."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vertex_dr.adapters.google.calls import CALL_SECONDS
from vertex_dr.kernel.errors import NotFound

if TYPE_CHECKING:
    from preflight.google.operations import Calls
    from preflight.ports import Removals
    from vertex_dr.kernel.ids import NewId

__all__ = ["GoogleScratchAccounts"]

_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_MINTS = "roles/iam.serviceAccountTokenCreator"


@dataclass(frozen=True)
class GoogleScratchAccounts:
    """Accounts whose tokens the caller may get."""

    calls: Calls
    removals: Removals
    new_id: NewId

    def make(self) -> str:
        """Make an account, let the caller get its tokens, and return its e-mail address."""
        project, short = self.calls.clients.settings.project, f"vdr-preflight-{self.new_id()[:8]}".lower()
        email = f"{short}@{project}.iam.gserviceaccount.com"
        url = f"{self.calls.clients.url('iam')}/v1/projects/{project}/serviceAccounts"
        tried = f"make the account {email}"

        def remove() -> None:
            self.calls.delete(f"{url}/{email}", f"remove the account {email}")

        self.removals.add(f"service account {email}", remove)
        described = {"displayName": "vertex-dr preflight", "description": "vertex-dr: scratch of a preflight."}
        self.calls.post(url, {"accountId": short, "serviceAccount": described}, tried)
        bindings = [{"role": _MINTS, "members": [self._caller()]}]
        policy = {"policy": {"version": 3, "bindings": bindings}}
        self.calls.once_known(lambda: self.calls.post(f"{url}/{email}:setIamPolicy", policy, tried))
        return email

    def token(self, email: str) -> str:
        """Return an access token of the account. Raises Denied until the caller's grant holds."""
        url = f"{self.calls.clients.url('iamcredentials')}/v1/projects/-/serviceAccounts/{email}:generateAccessToken"
        found = self.calls.post(url, {"scope": [_SCOPE], "lifetime": "3600s"}, f"get a token of {email}")
        return str(found["accessToken"])

    def _caller(self) -> str:
        """Return the IAM member that the caller is: the credentials say it of an account, Google of a user."""
        tried = "ask who you are"
        email = str(getattr(self.calls.clients.credentials, "service_account_email", "") or "")
        if "@" in email:
            return f"serviceAccount:{email}"
        url = "https://openidconnect.googleapis.com/v1/userinfo"
        found = self.calls.clients.http.get_json(url, tried=tried, timeout_seconds=CALL_SECONDS)
        if not (address := found.get("email")):
            raise NotFound(tried, found="Google tells no e-mail address", then="gcloud auth application-default login")
        kind = "serviceAccount" if address.endswith(".gserviceaccount.com") else "user"
        return f"{kind}:{address}"

"""Google's own clients, as they come, with the local cloud's credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from google.oauth2 import service_account

if TYPE_CHECKING:
    from tests.running_cloud import RunningCloud

SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)


def operator(cloud: RunningCloud) -> Any:
    """Return the credentials of the key file that `localcloud env` names."""
    path = cloud.env["GOOGLE_APPLICATION_CREDENTIALS"]
    return service_account.Credentials.from_service_account_file(path, scopes=SCOPES)


def rest(client: Any, cloud: RunningCloud) -> Any:
    """Return a client of this class over REST with the operator's credentials."""
    return client(credentials=operator(cloud), transport="rest")

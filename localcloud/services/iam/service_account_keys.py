"""Keys of service accounts: handed out once, then known by their public half."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from localcloud.core.clock import now
from localcloud.core.identity.keys import RsaKey, credentials_file
from localcloud.core.service import handles

if TYPE_CHECKING:
    from collections.abc import Callable

    from localcloud.core.call import Call
    from localcloud.core.cloud import Cloud

__all__ = ["ServiceAccountKeys"]

_API = "iam"
_PUBLIC = "_public_keys"
_NEVER = "9999-12-31T23:59:59Z"


class ServiceAccountKeys:
    """The key methods of the IAM service."""

    def __init__(self, cloud: Cloud, account: Callable[[str], dict[str, Any]]) -> None:
        self._cloud = cloud
        self._account = account

    @handles("projects.serviceAccounts.keys.create")
    def create_key(self, call: Call) -> dict[str, Any]:
        """Make a key of the account and return it with its private half, which is kept nowhere else."""
        account = self._account(call.name)
        key = RsaKey.generate()
        self._cloud.store.put(_PUBLIC, key.key_id, {"pem": key.public_pem(), "email": account["email"]})
        self._cloud.tokens.hold(key.key_id, key.public_pem(), account["email"])
        resource = {
            "name": f"{account['name']}/keys/{key.key_id}",
            "keyAlgorithm": "KEY_ALG_RSA_2048",
            "keyOrigin": "GOOGLE_PROVIDED",
            "keyType": "USER_MANAGED",
            "validAfterTime": now(),
            "validBeforeTime": _NEVER,
        }
        self._cloud.store.put(_API, resource["name"], resource)
        content = credentials_file(
            key, project=self._cloud.project, email=account["email"], token_uri=self._cloud.tokens.token_uri
        )
        return resource | {
            "privateKeyType": "TYPE_GOOGLE_CREDENTIALS_FILE",
            "privateKeyData": base64.b64encode(content.encode()).decode(),
        }

    @handles("projects.serviceAccounts.keys.delete")
    def delete_key(self, call: Call) -> dict[str, Any]:
        """Make the key worthless."""
        self._cloud.store.require(_API, call.name)
        self._release(call.name)
        return {}

    def hold_all(self) -> None:
        """Accept every key that was handed out and not deleted."""
        for key_id, key in self._cloud.store.under(_PUBLIC, ""):
            self._cloud.tokens.hold(key_id, key["pem"], key["email"])

    def release_all(self, account_name: str) -> None:
        """Make every key of the account worthless."""
        for key in self._cloud.store.children(_API, account_name, "keys"):
            self._release(key["name"])

    def _release(self, name: str) -> None:
        key_id = name.rpartition("/")[2]
        self._cloud.tokens.release(key_id)
        self._cloud.store.delete(_PUBLIC, key_id)
        self._cloud.store.delete(_API, name)

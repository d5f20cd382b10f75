"""IAM: service accounts and custom roles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from localcloud.core import masks, standard_methods
from localcloud.core.authorization.accounts import by_email
from localcloud.core.errors import ApiError
from localcloud.core.service import Service, handles
from localcloud.services.iam.custom_roles import CustomRoles
from localcloud.services.iam.service_account_keys import ServiceAccountKeys

if TYPE_CHECKING:
    from localcloud.core.call import Call
    from localcloud.core.cloud import Cloud
    from localcloud.iam.requests import Request

_DELETED = "_deleted_service_accounts"
_CHANGEABLE = ("displayName", "description")


class Iam(Service):
    """Service accounts by email or unique id; the project's default and operator accounts exist from the start."""

    api: ClassVar[str] = "iam"
    differences: ClassVar[tuple[str, ...]] = (
        "predefined roles cannot be listed; of a role of a service that localcloud does not serve nothing is known",
    )

    def __init__(self, cloud: Cloud) -> None:
        super().__init__(cloud)
        self.keys = ServiceAccountKeys(cloud, self.account)
        self.custom_roles = CustomRoles(cloud)
        self.own(self.keys, self.custom_roles)

    async def start(self) -> None:
        """Make the accounts exist that every project has, and know the keys handed out earlier."""
        for email, shown in (
            (f"{self.cloud.project_number}-compute@developer.gserviceaccount.com", "Default compute service account"),
            (self.cloud.tokens.operator, "The person at this machine"),
        ):
            name = f"projects/{self.cloud.project}/serviceAccounts/{email}"
            if self.cloud.store.get(self.api, name) is None:
                self._put(name, email, {"displayName": shown})
        self.keys.hold_all()
        self.cloud.access.own_project(self.cloud.project, self.cloud.tokens.operator)

    @handles("projects.serviceAccounts.create")
    def create_account(self, call: Call) -> dict[str, Any]:
        """Make the account exist; 409 when it does."""
        account_id = call.body.get("accountId", "")
        if not account_id:
            raise ApiError.invalid("cannot create a service account: accountId is missing")
        email = f"{account_id}@{call.project}.iam.gserviceaccount.com"
        name = f"projects/{call.project}/serviceAccounts/{email}"
        if self.cloud.store.get(self.api, name) is not None:
            raise ApiError.already_exists(f"Service account {account_id} already exists within project {name}.")
        return self._put(name, email, call.body.get("serviceAccount", {}))

    @handles("projects.serviceAccounts.get")
    def get_account(self, call: Call) -> dict[str, Any]:
        """Return the account."""
        return self.account(call.name)

    @handles("projects.serviceAccounts.list")
    def list_accounts(self, call: Call) -> dict[str, Any]:
        """Return a page of the project's accounts, under `accounts`."""
        answer = standard_methods.list_(self, call)
        return {("accounts" if key == "serviceAccounts" else key): value for key, value in answer.items()}

    @handles("projects.serviceAccounts.patch")
    def patch_account(self, call: Call) -> dict[str, Any]:
        """Change what the mask in the body names."""
        account = self.account(call.name)
        changes = call.body.get("serviceAccount", {})
        masks.apply(account, changes, call.field_mask() or [key for key in _CHANGEABLE if key in changes])
        return self._keep(account)

    @handles("projects.serviceAccounts.update")
    def update_account(self, call: Call) -> dict[str, Any]:
        """Change display name and description to what is sent."""
        account = self.account(call.name)
        masks.apply(account, call.body, _CHANGEABLE)
        return self._keep(account)

    @handles("projects.serviceAccounts.enable")
    def enable_account(self, call: Call) -> dict[str, Any]:
        """Make the account usable; repeating is safe."""
        account = self.account(call.name)
        account.pop("disabled", None)
        self._keep(account)
        return {}

    @handles("projects.serviceAccounts.disable")
    def disable_account(self, call: Call) -> dict[str, Any]:
        """Make the account unusable; repeating is safe."""
        self._keep(self.account(call.name) | {"disabled": True})
        return {}

    @handles("projects.serviceAccounts.delete")
    def delete_account(self, call: Call) -> dict[str, Any]:
        """Remove the account and its keys; it can be undeleted by its unique id."""
        account = self.account(call.name)
        self.keys.release_all(account["name"])
        self.cloud.store.delete(self.api, account["name"])
        self.cloud.store.put(_DELETED, account["uniqueId"], account)
        self.cloud.policies.forget(self.api, account["name"])
        self.cloud.policies.rename_member(*_names_of(account))
        return {}

    @handles("projects.serviceAccounts.undelete")
    def undelete_account(self, call: Call) -> dict[str, Any]:
        """Bring a deleted account back; 404 when its unique id is unknown, 409 when its email is taken again."""
        unique_id = call.name.rpartition("/")[2]
        account = self.cloud.store.get(_DELETED, unique_id)
        if account is None:
            raise ApiError.not_found(f"Unknown deleted service account {unique_id}")
        if self.cloud.store.get(self.api, account["name"]) is not None:
            raise ApiError.already_exists(f"Service account {account['email']} exists again")
        self.cloud.store.delete(_DELETED, unique_id)
        alive, deleted = _names_of(account)
        self.cloud.policies.rename_member(deleted, alive)
        return {"restoredAccount": self._keep(account)}

    def access_request(self, call: Call) -> Request:
        """Return what of a call decides about its permissions, the account named by its email."""
        return by_email(super().access_request(call), self.cloud.access.accounts)

    def account(self, name: str) -> dict[str, Any]:
        """Return the account named by email or unique id, in its project or in project `-`. Raises ApiError 404."""
        key = name.split("/")[3] if name.count("/") >= 3 else name  # noqa: PLR2004 - projects/p/serviceAccounts/key
        accounts = self.cloud.store.children(self.api, f"projects/{self.cloud.project}", "serviceAccounts")
        for account in accounts:
            if key in (account["email"], account["uniqueId"]):
                return account
        raise ApiError.not_found(f"Unknown service account {key}")

    def _put(self, name: str, email: str, given: dict[str, Any]) -> dict[str, Any]:
        number = f"1{int(self.cloud.store.next_id()):020d}"
        account = {
            **given,
            "name": name,
            "projectId": self.cloud.project,
            "email": email,
            "uniqueId": number,
            "oauth2ClientId": number,
        }
        return self._keep(account)

    def _keep(self, account: dict[str, Any]) -> dict[str, Any]:
        account["etag"] = standard_methods.etag()
        self.cloud.store.put(self.api, account["name"], account)
        return account


def _names_of(account: dict[str, Any]) -> tuple[str, str]:
    """Return how policies name the account, and how they do once it is deleted."""
    member = f"serviceAccount:{account['email']}"
    return member, f"deleted:{member}?uid={account['uniqueId']}"

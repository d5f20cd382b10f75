"""Who calls, and whether the call is allowed: every request passes here once."""

from __future__ import annotations

from collections import Counter, deque
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from localcloud.core.authorization import refusals
from localcloud.core.authorization.accounts import Accounts
from localcloud.core.errors import ApiError
from localcloud.iam.agents import agent_of, agents_of
from localcloud.iam.engine import Engine
from localcloud.iam.protobuf import BadMessage
from localcloud.iam.requests import Request, checks_of
from localcloud.iam.resources import Project
from localcloud.iam.roles import Roles
from localcloud.iam.rpcs import request_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from localcloud.core.authorization.policies import Policies
    from localcloud.core.identity.tokens import Tokens
    from localcloud.core.store import Store
    from localcloud.iam.engine import Decision, Use
    from localcloud.iam.resources import Resource

_PROJECTS = "cloudresourcemanager"
_OWNER = "roles/owner"
_USED = "_used_services"
_LIST_PREFIX = "storage.googleapis.com/objectListPrefix"
_REFUSALS_KEPT = 500


def _now() -> datetime:
    return datetime.now(UTC)


class Access:
    """The one gate. What it allows it notes with the binding that allowed it, what it refuses with the reason."""

    def __init__(  # noqa: PLR0913 - one parameter a thing that it decides by
        self,
        store: Store,
        policies: Policies,
        tokens: Callable[[], Tokens],
        *,
        project: str,
        number: str,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self.project = Project(project, number)
        self.accounts = Accounts(store, self.project)
        self.roles = Roles(lambda name: store.get("iam", name))
        self.engine = Engine(policies.effective, self.roles)
        self.unknown: Counter[str] = Counter()
        self.refused: deque[dict[str, Any]] = deque(maxlen=_REFUSALS_KEPT)
        self._uses: dict[Use, Counter[tuple[str | None, str]]] = {}
        self._policies = policies
        self._tokens = tokens
        self._clock = clock
        self._store = store
        self._used: set[str] = set()

    def principal(self, headers: Mapping[str, str], api: str, method: str) -> str | None:
        """Return who sent the request, None without a token. Raises ApiError 401 for a token that is worth nothing."""
        scheme, _, bearer = headers.get("Authorization", "").partition(" ")
        if not scheme:
            return None
        found = self._tokens().principal(bearer.strip()) if scheme.lower() == "bearer" else None
        if found is None or not self.accounts.is_usable(found.partition(":")[2]):
            raise refusals.credentials_invalid(api, method)
        return found

    def authorize(self, request: Request, principal: str | None) -> None:
        """Return when the principal may do what the request asks. Raises ApiError 401 or 403, in the API's words."""
        self.use_service(request.api, request.path)
        checks = checks_of(request, self.project, self.default_account)
        if checks is None:
            self.unknown[f"{request.api}.{request.method}: which permissions it needs"] += 1
            raise refusals.unknown_method(request.api, request.method)
        if not checks and principal is None:
            raise refusals.credentials_missing(request.api, request.method)
        attributes = {_LIST_PREFIX: request.query.get("prefix", "")} if request.method == "objects.list" else None
        for check in checks:
            self._require(request.api, request.method, principal, check.permission, check.resource, attributes)

    def authorize_rpc(self, rpc: str, metadata: Mapping[str, str], message: bytes, resource: str = "") -> str:
        """Return what a gRPC message is about, when its sender may do what it asks.

        `rpc` is the path (`/google.firestore.v1.Firestore/Commit`), `metadata` has lower-case names, `resource` is
        what the stream's first message named, for later ones that do not repeat it; each message of a stream is asked
        for. Raises ApiError 400, 401 or 403, whose `as_rpc_status()` has gRPC's code.
        """
        service, _, name = rpc.strip("/").partition("/")
        try:
            wanted = request_of(rpc, message, resource)
        except BadMessage as error:
            raise ApiError.invalid(f"cannot read the request of {rpc}: {error}") from error
        api = wanted.api if wanted else service
        principal = self.principal({"Authorization": metadata.get("authorization", "")}, api, name)
        if wanted is None:
            self.unknown[f"{rpc}: which permissions it needs"] += 1
            raise refusals.unknown_method(service, name)
        self.authorize(wanted, principal)
        return wanted.path

    def require(self, principal: str | None, permission: str, resource: Resource, *, api: str, method: str) -> None:
        """Return when the principal has the permission. Raises ApiError 401 or 403, in the words of the API."""
        self._require(api, method, principal, permission, resource, None)

    def require_agent(self, service: str, permission: str, resource: Resource) -> None:
        """Return when the service's agent has the permission. Raises ApiError 403, naming the agent."""
        self.require_account(agent_of(service, self.project.number), permission, resource, acting_for=service)

    def require_account(self, principal: str, permission: str, resource: Resource, *, acting_for: str) -> None:
        """Return when the account that works for a service has the permission. Raises ApiError 403, naming it."""
        self.use_service(acting_for)
        try:
            self._require(acting_for, "(acting)", principal, permission, resource, None)
        except ApiError as error:
            raise ApiError.denied(
                f"{principal.partition(':')[2]} does not have permission {permission} on {resource.name}; "
                "grant it a role that holds the permission",
                details=error.details,
            ) from error

    def holds(self, principal: str | None, permission: str, resource: Resource) -> bool:
        """Whether the principal has the permission, without noting it as a use or a refusal."""
        return self._decide(principal, permission, resource, None).is_allowed

    def held(self, principal: str | None, permissions: Iterable[str], resource: Resource) -> list[str]:
        """Return those of the permissions that the principal has, in the order given."""
        return [permission for permission in permissions if self.holds(principal, permission, resource)]

    def own_project(self, project: str, owner: str) -> None:
        """Give a project that has no policy yet its first owner. Repeating is safe: what was taken away stays away."""
        name = f"projects/{project}"
        if not self._policies.get(_PROJECTS, name).get("bindings"):
            self._policies.grant(_PROJECTS, name, _OWNER, f"serviceAccount:{owner}")

    def use_service(self, api: str, path: str = "") -> None:
        """Let the service's agents have what Google grants them when the service comes into use in a project.

        The project is that of the path, without one this cloud's own. Repeating is safe: a grant is made once, and
        whoever takes it away has taken it away.
        """
        project = self._project_of(path)
        key = f"{project}/{api}"
        if key in self._used:
            return
        name = f"projects/{project}"
        if not self._policies.get(_PROJECTS, name).get("bindings"):
            return  # there is no such project
        self._used.add(key)
        if self._store.get(_USED, key) is None:
            self._store.put(_USED, key, {})
            for agent in agents_of(api, self.project.number):
                if agent.role is not None:
                    self._policies.grant(_PROJECTS, name, agent.role, f"serviceAccount:{agent.email}")

    def _project_of(self, path: str) -> str:
        parts = path.split("/")
        named = parts[1] if parts[0] == "projects" and len(parts) > 1 else self.project.id
        return self.project.id if named in {"-", self.project.number} else named

    @property
    def default_account(self) -> str:
        """The account that acts where nobody names one: Compute Engine's default one."""
        return f"{self.project.number}-compute@developer.gserviceaccount.com"

    def uses(self) -> list[dict[str, Any]]:
        """Return each binding that allowed something: where it is, what it grants to whom, and what it was used for."""
        return [
            {
                "resource": f"{use.holder.api}/{use.holder.name}",
                "role": use.role,
                "member": use.member,
                "condition": use.title,
                "permissions": [
                    {"principal": principal, "permission": permission, "times": times}
                    for (principal, permission), times in sorted(counted.items(), key=str)
                ],
            }
            for use, counted in sorted(self._uses.items(), key=str)
        ]

    def forget_uses(self) -> None:
        """Begin to note uses and refusals anew."""
        self._uses.clear()
        self.refused.clear()

    def _require(  # noqa: PLR0913, PLR0917 - the parts of one check
        self,
        api: str,
        method: str,
        principal: str | None,
        permission: str,
        resource: Resource,
        attributes: Mapping[str, Any] | None,
    ) -> None:
        decision = self._decide(principal, permission, resource, attributes)
        if decision.use is not None:
            self._uses.setdefault(decision.use, Counter())[principal, permission] += 1
            return
        self.refused.append(
            {
                "at": self._clock().isoformat(),
                "principal": principal,
                "method": f"{api}.{method}",
                "permission": permission,
                "resource": resource.name,
            }
        )
        if principal is None and api != "storage":
            raise refusals.credentials_missing(api, method)
        raise refusals.denied(api, principal, permission, resource)

    def _decide(
        self, principal: str | None, permission: str, resource: Resource, attributes: Mapping[str, Any] | None
    ) -> Decision:
        decision = self.engine.decide(principal, permission, resource, self._clock(), attributes)
        self.unknown.update(f"condition {one}" for one in decision.unknown)
        return decision

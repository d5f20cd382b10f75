"""Tokens on demand: the IAM Credentials API, the OAuth token endpoint and the published keys."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from aiohttp import web

from localcloud.core.authorization.accounts import by_email
from localcloud.core.errors import ApiError
from localcloud.core.identity.tokens import LIFETIME_SECONDS
from localcloud.core.service import Route, Service, handles
from localcloud.runtime.metadata import MetadataServer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from localcloud.core.call import Call
    from localcloud.core.cloud import Cloud
    from localcloud.iam.requests import Request
    from localcloud.services.iam.service import Iam

_JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class IamCredentials(Service):
    """Mints tokens of service accounts for whoever may."""

    api: ClassVar[str] = "iamcredentials"

    def __init__(self, cloud: Cloud, iam: Iam) -> None:
        super().__init__(cloud)
        self._iam = iam
        self._of_operator = MetadataServer(
            cloud.tokens,
            email=cloud.tokens.operator,
            project=cloud.project,
            project_number=cloud.project_number,
            region=cloud.regions[0],
        )

    def routes(self) -> Iterable[Route]:
        """Return the OAuth addresses that key files and verifiers use."""
        return (
            Route("oauth2", "POST", "/token", self._token),
            Route("metadata", "GET", "/", self._metadata),
            Route("localcloud", "GET", "/computeMetadata", self._metadata),
            Route("localcloud", "GET", "/", self._metadata),
            Route("oauth2", "GET", "/oauth2/v3/certs", self._certs),
            Route("oauth2", "GET", "/v1/userinfo", self._userinfo),
        )

    def access_request(self, call: Call) -> Request:
        """Return what of a call decides about its permissions, the account named by its email."""
        return by_email(super().access_request(call), self.cloud.access.accounts)

    @handles("projects.serviceAccounts.generateAccessToken")
    def generate_access_token(self, call: Call) -> dict[str, Any]:
        """Return an access token of the account in the path."""
        seconds = int(float((call.body.get("lifetime") or f"{LIFETIME_SECONDS}s").rstrip("s")))
        token = self.cloud.tokens.mint_access(self._email(call), lifetime_seconds=seconds)
        expires = datetime.now(UTC) + timedelta(seconds=seconds)
        return {"accessToken": token, "expireTime": expires.strftime("%Y-%m-%dT%H:%M:%SZ")}

    @handles("projects.serviceAccounts.generateIdToken")
    def generate_id_token(self, call: Call) -> dict[str, Any]:
        """Return an identity token of the account in the path for the audience asked for."""
        audience = call.body.get("audience")
        if not audience:
            raise ApiError.invalid("cannot generate an identity token: audience is missing")
        return {"token": self.cloud.tokens.mint_identity(self._email(call), audience)}

    def _email(self, call: Call) -> str:
        account = self._iam.account(call.name)
        if account.get("disabled"):
            raise ApiError.failed_precondition(f"cannot mint a token: service account {account['email']} is disabled")
        return str(account["email"])

    async def _token(self, request: web.Request, _region: str | None) -> web.StreamResponse:
        form = await request.post()
        if form.get("grant_type") != _JWT_BEARER:
            return _oauth_error("unsupported_grant_type", f"only {_JWT_BEARER} is served here")
        try:
            claims = self.cloud.tokens.verify_assertion(str(form.get("assertion", "")))
        except ApiError as error:
            return _oauth_error("invalid_grant", error.message)
        email, audience = claims["iss"], claims.get("target_audience")
        if audience:
            return web.json_response({"id_token": self.cloud.tokens.mint_identity(email, audience)})
        token = self.cloud.tokens.mint_access(email)
        return web.json_response({"access_token": token, "expires_in": LIFETIME_SECONDS, "token_type": "Bearer"})

    async def _metadata(self, request: web.Request, _region: str | None) -> web.StreamResponse:
        return await self._of_operator.answer(request)

    async def _userinfo(self, request: web.Request, _region: str | None) -> web.StreamResponse:
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        principal = self.cloud.tokens.principal(bearer)
        if principal is None:
            return web.json_response(
                {"error": "invalid_request", "error_description": "Invalid Credentials"}, status=401
            )
        email = principal.partition(":")[2]
        return web.json_response({"sub": email, "email": email, "email_verified": True})

    async def _certs(self, _request: web.Request, _region: str | None) -> web.StreamResponse:
        return web.json_response(self.cloud.tokens.key_set())


def _oauth_error(error: str, description: str) -> web.Response:
    return web.json_response({"error": error, "error_description": description}, status=400)

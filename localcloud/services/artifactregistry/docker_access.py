"""Who may pull and push: the token endpoint that Docker's clients ask, and the check of each request.

The protocol: https://distribution.github.io/distribution/spec/auth/token/. The kinds of credentials are Google's:
https://cloud.google.com/artifact-registry/docs/docker/authentication.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import time
from typing import TYPE_CHECKING, Any

import jwt
from aiohttp import web

from localcloud.core.clock import now
from localcloud.core.errors import ApiError
from localcloud.core.identity.tokens import LIFETIME_SECONDS
from localcloud.iam.methods import needs_of
from localcloud.services.artifactregistry.oci.errors import RegistryError
from localcloud.services.artifactregistry.sources import API

if TYPE_CHECKING:
    from localcloud.iam.resources import Resource
    from localcloud.services.artifactregistry.contents import Contents

TOKEN_PATH = "/v2/token"  # noqa: S105 - an address, no secret
_NAME = re.compile(r"/v2/(?P<project>[^/]+)/(?P<repository>[^/]+)/.+")
_MANIFEST_BY_TAG = re.compile(r".*/manifests/(?![a-z0-9]+:)[^/]+")
_ANONYMOUS = "anonymous"
_KEY_USERS = ("_json_key", "_json_key_base64")


class DockerAccess:
    """Asks the cloud's one gate about requests below `/v2/`."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    async def token(self, request: web.Request) -> web.Response:
        """Answer with a token for the credentials sent, for nobody's where none were; raises RegistryError 401."""
        bearer = self._bearer(request) or _ANONYMOUS
        answer = {"token": bearer, "access_token": bearer, "expires_in": LIFETIME_SECONDS, "issued_at": now()}
        return web.json_response(answer)

    def check(self, request: web.Request, region: str) -> web.Request:
        """Return the request when its sender may; raises RegistryError 401 or 403.

        A mount of a blob that the sender may not read becomes an ordinary upload, as the specification allows.
        """
        bearer = self._bearer(request)
        if bearer is None:
            raise RegistryError(401, "UNAUTHORIZED", "authentication required", self._challenge(request))
        principal = None if bearer == _ANONYMOUS else self._principal(bearer)
        request["localcloud.principal"] = principal
        match = _NAME.fullmatch(request.path)
        if match is None:
            return request  # the root, which any token may ask, and paths that the registry refuses
        self._require(principal, _method(request), self._repository(region, match["project"], match["repository"]))
        if source := request.query.get("from"):
            project, _, rest = source.partition("/")
            repository = self._repository(region, project, rest.partition("/")[0])
            if not self._contents.cloud.access.holds(principal, _permission("docker.pull"), repository):
                return request.clone(rel_url=request.rel_url.without_query_params("mount", "from"))
        return request

    def _require(self, principal: str | None, method: str, repository: Resource) -> None:
        permission = _permission(method)
        try:
            self._contents.cloud.access.require(principal, permission, repository, api=API, method=method)
        except ApiError as error:
            who = "" if principal else "Unauthenticated request. Unauthenticated requests do not have permission "
            verb = f'{who}"{permission}" on' if who else f'Permission "{permission}" denied on'
            raise RegistryError(403, "DENIED", f'{verb} resource "{repository.name}" (or it may not exist)') from error

    def _repository(self, region: str, project: str, repository: str) -> Resource:
        name = self._contents.repository_name(region, project, repository)
        return self._contents.cloud.access.project.named(API, name)

    def _principal(self, bearer: str) -> str:
        try:
            found = self._contents.cloud.access.principal({"Authorization": f"Bearer {bearer}"}, API, "docker")
        except ApiError as error:
            raise RegistryError(401, "UNAUTHORIZED", "authentication failed: the token is not valid") from error
        assert found is not None  # noqa: S101 - a bearer was sent
        return found

    def _bearer(self, request: web.Request) -> str | None:
        """Return the access token of the credentials sent, None without any; raises RegistryError 401."""
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            return None
        if scheme.lower() == "bearer":
            return text.strip()
        try:
            user, _, secret = base64.b64decode(text).decode().partition(":")
            if user in _KEY_USERS:
                key = base64.b64decode(secret).decode() if user.endswith("_base64") else secret
                return self._assertion(json.loads(key))
        except (binascii.Error, ValueError, KeyError, TypeError, jwt.InvalidKeyError) as error:
            raise RegistryError(401, "UNAUTHORIZED", f"authentication failed: {error}") from error
        self._principal(secret)
        return secret

    def _assertion(self, key: dict[str, Any]) -> str:
        """Return a token that the key file's owner could have made; it is worth what the key is worth."""
        issued = int(time.time())
        claims = {"iss": key["client_email"], "sub": key["client_email"], "iat": issued, "exp": issued + 3600}
        assertion = jwt.encode(claims, key["private_key"], algorithm="RS256", headers={"kid": key["private_key_id"]})
        self._principal(assertion)
        return assertion

    def _challenge(self, request: web.Request) -> dict[str, str]:
        realm = f'realm="{request.scheme}://{request.host}{TOKEN_PATH}",service="{request.host}"'
        match = _NAME.fullmatch(request.path)
        if match is not None:
            image = re.split(r"/(?:blobs|manifests|tags|referrers)/", request.path.removeprefix("/v2/"))[0]
            verbs = "pull" if request.method in {"GET", "HEAD"} else "pull,push"
            realm += f',scope="repository:{image}:{verbs}"'
        return {"WWW-Authenticate": f"Bearer {realm}"}


def _method(request: web.Request) -> str:
    if request.method in {"GET", "HEAD"} and "/blobs/uploads/" not in request.path:
        return "docker.pull"
    if request.method == "DELETE" and "/blobs/uploads/" not in request.path:
        return "docker.untag" if _MANIFEST_BY_TAG.fullmatch(request.path) else "docker.delete"
    return "docker.push"


def _permission(method: str) -> str:
    needs = needs_of(API, method)
    assert needs  # noqa: S101 - the table has these methods, and a test says so
    return needs[0].permission

"""The metadata server that a workload of Google Cloud finds beside it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aiohttp import web

from localcloud.core.identity.tokens import LIFETIME_SECONDS, Tokens

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["MetadataServer"]

ROOT = "/computeMetadata/v1/"
SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)
FLAVOR = {"Metadata-Flavor": "Google", "Server": "Metadata Server for Serverless"}


class MetadataServer:
    """Answers as one workload's metadata server: its identity, its tokens, its project and its region."""

    def __init__(self, tokens: Tokens, *, email: str, project: str, project_number: str, region: str) -> None:
        self._tokens = tokens
        self._email = email
        self._runner: web.AppRunner | None = None
        self.port = 0
        self._facts: dict[str, str] = {
            "instance/id": "0" * 20,
            "instance/region": f"projects/{project_number}/regions/{region}",
            "instance/zone": f"projects/{project_number}/zones/{region}-1",
            "project/numeric-project-id": project_number,
            "project/project-id": project,
            "universe/universe-domain": "googleapis.com",
        }
        self._account: dict[str, Callable[[web.Request], web.Response]] = {
            "": self._describe,
            "aliases": lambda _: _text("default\n"),
            "email": lambda _: _text(self._email),
            "identity": self._identity,
            "scopes": lambda _: _text("".join(f"{scope}\n" for scope in SCOPES)),
            "token": self._token,
        }

    @property
    def host(self) -> str:
        """The value for GCE_METADATA_HOST."""
        return f"127.0.0.1:{self.port}"

    @property
    def variables(self) -> dict[str, str]:
        """The variables by which Google's libraries find the server."""
        names = ("GCE_METADATA_HOST", "GCE_METADATA_ROOT", "GCE_METADATA_IP")
        return dict.fromkeys(names, self.host) | {"GCE_METADATA_MTLS_MODE": "none"}

    async def start(self) -> None:
        """Listen on a free loopback port afterwards."""
        app = web.Application()
        app.router.add_get("/{path:.*}", self.answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Listen no longer. Repeating is safe."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def answer(self, request: web.Request) -> web.Response:
        """Answer one request, also one that came in elsewhere."""
        if request.path == "/":
            # Google's libraries ask here whether they run on Google Cloud.
            return _text("computeMetadata/\n")
        if request.headers.get("Metadata-Flavor") != "Google":
            return _text("Missing required header: Metadata-Flavor: Google\n", status=403)
        path = request.path.removeprefix(ROOT)
        if path in self._facts:
            return _text(self._facts[path])
        accounts = "instance/service-accounts/"
        if path.rstrip("/") == accounts.rstrip("/"):
            return _text(f"default/\n{self._email}/\n")
        if path.startswith(accounts):
            account, _, rest = path.removeprefix(accounts).partition("/")
            handler = self._account.get(rest.rstrip("/"))
            if account in ("default", self._email) and handler is not None:
                return handler(request)
        return _text(f"metadata has no entry {request.path}\n", status=404)

    def _describe(self, request: web.Request) -> web.Response:
        if request.query.get("recursive", "").lower() != "true":
            return _text("".join(f"{name}\n" for name in sorted(self._account) if name))
        return _json({"aliases": ["default"], "email": self._email, "scopes": list(SCOPES)})

    def _token(self, _: web.Request) -> web.Response:
        token = self._tokens.mint_access(self._email)
        return _json({"access_token": token, "expires_in": LIFETIME_SECONDS, "token_type": "Bearer"})

    def _identity(self, request: web.Request) -> web.Response:
        audience = request.query.get("audience")
        if not audience:
            return _text("non-empty audience parameter required\n", status=400)
        return _text(self._tokens.mint_identity(self._email, audience))


def _text(content: str, *, status: int = 200) -> web.Response:
    return web.Response(text=content, status=status, content_type="application/text", headers=FLAVOR)


def _json(content: dict[str, Any]) -> web.Response:
    return web.Response(text=json.dumps(content), content_type="application/json", headers=FLAVOR)

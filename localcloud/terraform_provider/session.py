"""Requests to Google's addresses through the proxy: a kept-alive connection a thread and host, retries, operations."""

from __future__ import annotations

import http.client
import json
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

from localcloud.terraform_provider.errors import ApiError, NotFound, ProviderError

if TYPE_CHECKING:
    from localcloud.terraform_provider.configuration import Configuration

_RETRIED = {429, 500, 502, 503}
_RETRY_SECONDS = 90.0  # as long as the real provider goes on
_OPERATION_SECONDS = 20 * 60.0
_TIMEOUT_SECONDS = 120.0
_LAST_POLL_SECONDS = 1.0
_NOT_FOUND, _FIRST_ERROR = 404, 400
_HTTPS_PORT = 443


@dataclass(slots=True)
class Session:
    """Speaks to the endpoints of one configuration; threads may share it."""

    configuration: Configuration
    stopping: threading.Event = field(default_factory=threading.Event)
    first_pause_seconds: float = 0.5  # before a request is tried again; it doubles
    first_poll_seconds: float = 0.02  # before an operation is looked at again; it doubles
    _local: threading.local = field(default_factory=threading.local)

    def call(  # noqa: PLR0913 - a request has these parts
        self,
        endpoint: str,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: dict[str, str] | None = None,
        region: str = "",
        wait: bool = True,
    ) -> dict[str, Any]:
        """Send a request below an endpoint and return the answer; an operation is awaited unless wait is False.

        `region` chooses the host of a regional API; without it the provider's region does. The path's parts must be
        percent-encoded already where they hold more than names. Raises NotFound, ApiError,
        and ProviderError when nobody answers.
        """
        base = self.configuration.endpoint(endpoint, region)
        headers = {"Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        answer = self.send(
            method, base + quote(path, safe="/:@%"), data, headers=headers, query={"alt": "json"} | (query or {})
        )
        return self._awaited(endpoint, f"{method} {path}", answer, region) if wait else answer

    def send(
        self, method: str, url: str, data: bytes | None, *, headers: dict[str, str], query: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """Send a request to a whole URL and return the JSON of the answer. Overload and server errors are retried."""
        parts = urlsplit(url)
        target = parts.path + ("?" + urlencode(query) if query else "")
        if self.configuration.access_token:
            headers = headers | {"Authorization": f"Bearer {self.configuration.access_token}"}
        if self.configuration.quota_project:
            headers["X-Goog-User-Project"] = self.configuration.quota_project
        deadline, pause_seconds = time.monotonic() + _RETRY_SECONDS, self.first_pause_seconds
        while True:
            status, content = self._exchange(f"{parts.scheme}://{parts.netloc}", method, target, data, headers)
            if (
                status not in _RETRIED
                or time.monotonic() + pause_seconds > deadline
                or self.stopping.wait(pause_seconds)
            ):
                break
            pause_seconds *= 2
        if status >= _FIRST_ERROR:
            kind = NotFound if status == _NOT_FOUND else ApiError
            raise kind(f"{method} {url}", status, _error_text(content))
        answer: dict[str, Any] = json.loads(content) if content.strip() else {}
        return answer

    def _exchange(
        self, root: str, method: str, target: str, data: bytes | None, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        """Return status and content; a kept-alive connection that the server has closed meanwhile is replaced once."""
        connections: dict[str, http.client.HTTPConnection] = self._local.__dict__.setdefault("connections", {})
        for fresh in (root not in connections, True):
            if fresh:
                connections[root] = self._connection(root)
            try:
                connections[root].request(method, target, body=data, headers=headers)
                response = connections[root].getresponse()
                return response.status, response.read()
            except (OSError, http.client.HTTPException) as error:
                connections.pop(root).close()
                if fresh:
                    raise ProviderError(
                        f"{method} {root}{target}: no answer ({error or type(error).__name__}); is the"
                        f" local cloud up? see localcloud status"
                    ) from error
        raise AssertionError("unreachable")

    def _connection(self, root: str) -> http.client.HTTPConnection:
        host = urlsplit(root).netloc
        if root.startswith("http://"):
            return http.client.HTTPConnection(host, timeout=_TIMEOUT_SECONDS)
        made = http.client.HTTPSConnection(
            self.configuration.proxy, timeout=_TIMEOUT_SECONDS, context=self.configuration.trusted
        )
        made.set_tunnel(host, _HTTPS_PORT)
        return made

    def _awaited(self, endpoint: str, request: str, answer: dict[str, Any], region: str) -> dict[str, Any]:
        """Return the operation once it is done, and any other answer as it is.

        Raises ProviderError when the operation failed.
        """
        name = str(answer.get("name", ""))
        if "operations/" not in name or not ("done" in answer or answer.keys() <= {"name", "metadata"}):
            return answer
        deadline, pause_seconds = time.monotonic() + _OPERATION_SECONDS, self.first_poll_seconds
        while not answer.get("done"):
            if time.monotonic() > deadline or self.stopping.wait(pause_seconds):
                raise ProviderError(
                    f"{request}: stopped waiting for the operation {name}, which goes on in the local cloud"
                )
            pause_seconds = min(2 * pause_seconds, _LAST_POLL_SECONDS)
            answer = self.call(endpoint, "GET", name, region=region, wait=False)
        if error := answer.get("error"):
            raise ProviderError(
                f"{request}: the operation {name} failed: Error {error.get('code')}: {error.get('message')}"
            )
        return answer


def _error_text(content: bytes) -> str:
    """Return the message of an API's error, or the beginning of whatever came instead."""
    try:
        return str(json.loads(content)["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return content[:200].decode(errors="replace")

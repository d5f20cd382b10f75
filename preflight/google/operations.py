"""Long-running operations of any API over REST: asked again until they are done."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from preflight.google.project import get_json
from vertex_dr.adapters.google.calls import CALL_SECONDS
from vertex_dr.kernel.errors import BadInput, NotFound, Refused, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable

    from vertex_dr.adapters.google.clients import Clients
    from vertex_dr.kernel.clock import Sleep

__all__ = ["Calls"]

_PAUSE_SECONDS = 2.0
_TRIES_FOR_A_NEW_ACCOUNT = 30
_THEN = "see what the answer says; what was made is removed at its end"


@dataclass(frozen=True)
class Calls:
    """Calls that make or remove scratch resources; each is sent once and waited for."""

    clients: Clients
    sleep: Sleep = time.sleep
    longest_seconds: float = 2400.0  # a deployment takes a quarter of an hour now and then

    def get(self, url: str, tried: str, **query: str) -> dict[str, Any]:
        """Return the JSON object at the address. Repeating is safe."""
        return get_json(self.clients, url, tried, then=_THEN, parameters=list(query.items()))

    def post(self, url: str, body: object, tried: str) -> dict[str, Any]:
        """Return the JSON object that answers the posted one; it posts once."""
        return self.clients.http.post_json(url, body, tried=tried, timeout_seconds=CALL_SECONDS, then=_THEN)

    def delete(self, url: str, tried: str) -> dict[str, Any]:
        """Delete what is at the address, and return what answers that."""
        answer = self.clients.http.send("DELETE", url, tried=tried, timeout_seconds=CALL_SECONDS, then=_THEN)
        found: dict[str, Any] = answer.json() if answer.content else {}
        return found

    def once_known(self, call: Callable[[], object]) -> None:
        """Make the call until it finds the account that was made a moment ago, for a minute at most."""
        for _ in range(_TRIES_FOR_A_NEW_ACCOUNT):
            try:
                call()
            except (BadInput, NotFound):
                self.sleep(_PAUSE_SECONDS)
            else:
                return
        call()

    def done(self, base: str, operation: dict[str, Any], tried: str) -> dict[str, Any]:
        """Return the operation once it is done; base is the API's address with its version.

        Raises Refused, in Google's words, for one that failed, and Unreachable for one that does not end in time.
        """
        waited = 0.0
        while not operation.get("done"):
            if waited >= self.longest_seconds:
                raise Unreachable(tried, found=f"{operation['name']} goes on after {waited:.0f} s", then=_THEN)
            self.sleep(_PAUSE_SECONDS)
            waited += _PAUSE_SECONDS
            operation = self.get(f"{base}/{operation['name']}", tried)
        if error := operation.get("error"):
            raise Refused(tried, found=str(error.get("message", error)), then=_THEN)
        return operation

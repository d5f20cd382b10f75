"""Long-running operations: waited for with a limit, and found again by the next run when the limit came first."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vertex_dr.adapters.google.calls import CALL_SECONDS, ask, ask_once
from vertex_dr.adapters.google.errors import translated
from vertex_dr.adapters.google.in_flight import InFlight
from vertex_dr.kernel.errors import NotFound
from vertex_dr.kernel.records import Record

if TYPE_CHECKING:
    from collections.abc import Callable

    from vertex_dr.adapters.google.clients import Clients

__all__ = ["LIMIT_SECONDS", "Operations", "finished"]

LIMIT_SECONDS = 1500.0
_FIRST_POLL_SECONDS = 0.1
_LONGEST_POLL_SECONDS = 10.0


class _Started(Record, frozen=True, kw_only=True):
    """The name of an operation that a run has started."""

    operation: str


def finished(operation: Any, tried: str, *, limit_seconds: float = LIMIT_SECONDS) -> Any:
    """Return the operation's response once it has ended.

    Raises the operation's error in the kernel's words, and Unreachable when it has not ended within the limit: it may
    still end, so observe before repeating what started it.
    """
    from google.api_core.future.polling import DEFAULT_POLLING  # noqa: PLC0415 - imported where it is used

    polling = DEFAULT_POLLING.with_delay(initial=_FIRST_POLL_SECONDS, maximum=_LONGEST_POLL_SECONDS, multiplier=1.5)
    with translated(tried, then="run it again: it goes on with the same operation"):
        return operation.result(timeout=limit_seconds, polling=polling)


@dataclass(frozen=True, slots=True)
class Operations:
    """Starts operations of one client, each once: what an earlier run started and did not see end is waited for."""

    clients: Clients
    client: Any  # a GAPIC client of Vertex AI
    limit_seconds: float = LIMIT_SECONDS

    def once(
        self,
        tried: str,
        start: Callable[[], Any],
        *,
        kinds: tuple[Any, Any],
        still_there: Callable[[Any], bool],
    ) -> Any:
        """Return the operation, ended well, that did what `tried` says in full; repeating is safe.

        One that an earlier run started counts while it runs, and afterwards as long as its result is still there.
        kinds are the messages of the operation's response and metadata; still_there observes anew, since the operation
        may end at any time. Raises as finished does.
        """
        notes = InFlight(self.clients, "operations")
        known = notes.newest(tried, _Started)
        earlier = self._earlier(known.operation, kinds) if known else None
        if earlier is not None and not earlier.done():
            finished(earlier, tried, limit_seconds=self.limit_seconds)
            return earlier
        if earlier is not None and earlier.exception() is None and still_there(earlier.result()):
            return earlier
        operation = ask_once(tried, start)
        notes.keep(tried, _Started(operation=operation.operation.name), number=time.time_ns())
        finished(operation, tried, limit_seconds=self.limit_seconds)
        return operation

    def _earlier(self, name: str, kinds: tuple[Any, Any]) -> Any:
        """Return the operation of that name, or None when Vertex AI knows it no longer."""
        from google.api_core.operation import from_gapic  # noqa: PLC0415 - imported where it is used

        operations, (response, metadata) = self.client.transport.operations_client, kinds
        try:
            found = ask(f"look at {name}", lambda: operations.get_operation(name, timeout=CALL_SECONDS))
        except NotFound:
            return None
        return from_gapic(  # type: ignore[no-untyped-call] # api-core has no types here
            found, operations, response, metadata_type=metadata
        )

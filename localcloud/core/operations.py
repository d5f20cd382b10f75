"""Long-running operations: started or already done, then polled by name."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from localcloud.core.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from localcloud.core.store import Store

_log = logging.getLogger(__name__)


class Operations:
    """Operations live in the store at {parent}/operations/{n}, beside the resources of their API."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._tasks: dict[tuple[str, str], asyncio.Task[None]] = {}

    def done(
        self, api: str, parent: str, response: dict[str, Any], metadata: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return a finished operation whose result is response; it can be polled too."""
        operation = self._new(parent, metadata) | {"done": True, "response": response}
        self._store.put(api, operation["name"], operation)
        return operation

    def start(
        self, api: str, parent: str, work: Coroutine[Any, Any, dict[str, Any]], metadata: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return an unfinished operation; the work's result becomes its response, an ApiError its error."""
        operation = self._new(parent, metadata)
        self._store.put(api, operation["name"], operation | {"done": False})
        key = (api, operation["name"])
        task = asyncio.get_running_loop().create_task(self._finish(api, operation, work))
        self._tasks[key] = task
        task.add_done_callback(lambda _: self._tasks.pop(key, None))
        return operation | {"done": False}

    async def wait(self, api: str, name: str, timeout_seconds: float) -> dict[str, Any]:
        """Return the operation once it is done or the time is over; raises ApiError 404 when there is none."""
        if task := self._tasks.get((api, name)):
            await asyncio.wait([task], timeout=timeout_seconds)
        return self._store.require(api, name)

    def cancel(self, api: str, name: str) -> None:
        """Ask the operation to end with the error CANCELLED; a finished one stays as it is."""
        self._store.require(api, name)
        if task := self._tasks.get((api, name)):
            task.cancel()

    def abandon_interrupted(self) -> None:
        """End with an error what was running when an earlier daemon stopped; call once, after the store is open."""
        for api in self._store.apis():
            for name in [name for name in self._store.names(api) if "/operations/" in f"/{name}"]:
                operation = self._store.require(api, name)
                if operation.get("done") is False:
                    error = ApiError.aborted(f"{name} was interrupted: localcloud stopped while it ran; start it again")
                    self._store.put(api, name, operation | {"done": True, "error": error.as_rpc_status()})

    async def stop(self) -> None:
        """Cancel what still runs and wait for its end."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _new(self, parent: str, metadata: dict[str, Any] | None) -> dict[str, Any]:
        number = self._store.next_id()
        operation: dict[str, Any] = {"name": f"{parent}/operations/{number}" if parent else f"operations/{number}"}
        return operation | ({"metadata": metadata} if metadata else {})

    async def _finish(self, api: str, operation: dict[str, Any], work: Coroutine[Any, Any, dict[str, Any]]) -> None:
        try:
            outcome: dict[str, Any] = {"response": await work}
        except ApiError as error:
            outcome = {"error": error.as_rpc_status()}
        except asyncio.CancelledError:
            outcome = {"error": {"code": 1, "message": f"{operation['name']} was cancelled"}}
        except Exception as error:  # noqa: BLE001 - the operation is where its caller learns of a bug
            _log.exception("operation %s failed", operation["name"])
            outcome = {"error": {"code": 13, "message": f"{operation['name']}: {type(error).__name__}: {error}"}}
        self._store.put(api, operation["name"], operation | {"done": True} | outcome)

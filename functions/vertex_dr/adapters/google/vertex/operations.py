"""Long-running operations, waited for with a limit."""

from __future__ import annotations

from typing import Any

from vertex_dr.adapters.google.errors import translated

__all__ = ["finished"]

_LIMIT_SECONDS = 1500.0
_FIRST_POLL_SECONDS = 0.1
_LONGEST_POLL_SECONDS = 10.0


def finished(operation: Any, tried: str, *, limit_seconds: float = _LIMIT_SECONDS) -> Any:
    """Return the operation's response once it has ended.

    Raises the operation's error in the kernel's words, and Unreachable when it has not ended within the limit: it may
    still end, so observe before repeating what started it.
    """
    from google.api_core.future.polling import DEFAULT_POLLING  # noqa: PLC0415 - imported where it is used

    polling = DEFAULT_POLLING.with_delay(initial=_FIRST_POLL_SECONDS, maximum=_LONGEST_POLL_SECONDS, multiplier=1.5)
    with translated(tried, then="observe again before repeating it"):
        return operation.result(timeout=limit_seconds, polling=polling)

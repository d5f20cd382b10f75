"""One call to Google: its errors become the kernel's, and those that may pass are tried again a few times."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import stamina

from vertex_dr.adapters.google.errors import translated
from vertex_dr.kernel.errors import Unreachable, VertexDrError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["CALL_SECONDS", "ask", "ask_once", "wait_before_next_try"]

T = TypeVar("T")

# Google's clients wait for ever unless told otherwise, and a region that hangs must look dark.
CALL_SECONDS = 30.0
_ATTEMPTS = 3
_FIRST_WAIT_SECONDS = 0.2
_LONGEST_WAIT_SECONDS = 2.0
# Functions run on schedules: whoever is asked to wait longer fails now, and the next run asks again.
_LONGEST_RETRY_AFTER_SECONDS = 5.0


def ask(tried: str, call: Callable[[], T], *, then: str | None = None) -> T:
    """Return what the call returns; retryable errors are tried three times. For calls that may be repeated only.

    An answer's Retry-After is waited for up to 5 s; one that asks for more is not asked again.
    """
    for attempt in stamina.retry_context(
        on=wait_before_next_try, attempts=_ATTEMPTS, wait_initial=_FIRST_WAIT_SECONDS, wait_max=_LONGEST_WAIT_SECONDS
    ):
        with attempt, translated(tried, then=then):
            return call()
    raise AssertionError("a retry context either returns or raises")


def ask_once(tried: str, call: Callable[[], T], *, then: str | None = None) -> T:
    """Return what the call returns; nothing is tried again, since repeating would do it twice."""
    with translated(tried, then=then):
        return call()


def wait_before_next_try(error: Exception) -> bool | float:
    """Return False for an error that another try cannot help, the seconds that its answer asks for, or True.

    True leaves the wait to the schedule of tries.
    """
    if not isinstance(error, VertexDrError) or not error.retryable:
        return False
    asked = error.retry_after_seconds if isinstance(error, Unreachable) else None
    if asked is None:
        return True
    return asked if asked <= _LONGEST_RETRY_AFTER_SECONDS else False

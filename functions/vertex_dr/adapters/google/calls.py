"""One call to Google: its errors become the kernel's, and those that may pass are tried again a few times."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import stamina

from vertex_dr.adapters.google.errors import translated
from vertex_dr.kernel.errors import VertexDrError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["CALL_SECONDS", "ask", "ask_once"]

T = TypeVar("T")

# Google's clients wait for ever unless told otherwise, and a region that hangs must look dark.
CALL_SECONDS = 30.0
_ATTEMPTS = 3
_FIRST_WAIT_SECONDS = 0.2
_LONGEST_WAIT_SECONDS = 2.0


def ask(tried: str, call: Callable[[], T], *, then: str | None = None) -> T:
    """Return what the call returns; retryable errors are tried three times. For calls that may be repeated only."""
    for attempt in stamina.retry_context(
        on=_may_pass, attempts=_ATTEMPTS, wait_initial=_FIRST_WAIT_SECONDS, wait_max=_LONGEST_WAIT_SECONDS
    ):
        with attempt, translated(tried, then=then):
            return call()
    raise AssertionError("a retry context either returns or raises")


def ask_once(tried: str, call: Callable[[], T], *, then: str | None = None) -> T:
    """Return what the call returns; nothing is tried again, since repeating would do it twice."""
    with translated(tried, then=then):
        return call()


def _may_pass(error: Exception) -> bool:
    return isinstance(error, VertexDrError) and error.retryable

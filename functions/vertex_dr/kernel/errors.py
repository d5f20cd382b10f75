"""Every error that vertex-dr raises on purpose.

The tree:

    VertexDrError
    ├── BadInput            what was given cannot be used: nothing was done            (exit 2, HTTP 400)
    │   ├── BadSettings     the environment lacks or garbles a setting
    │   └── DamagedRecord   a stored document or object does not parse or lacks a field
    ├── Refused             a guard said no: the state forbids it now                  (exit 5, HTTP 409)
    │   ├── FlipLost        another flip won the race
    │   └── StaleEpoch      the epoch moved while a step was in flight
    ├── NotFound            what was asked for does not exist                          (exit 5, HTTP 409)
    ├── ReplicaMismatch     a copy differs from its source                             (exit 3, HTTP 409)
    ├── Denied              Google refused the identity                                (exit 5, HTTP 403)
    └── Unreachable         a service or region did not answer; try again              (exit 6, HTTP 503)
        └── QuotaExhausted  a quota ran out; try again later

A message says what was tried, on what, what was found and what to do next.
"""

from __future__ import annotations

from typing import ClassVar

__all__ = [
    "BadInput",
    "BadSettings",
    "DamagedRecord",
    "Denied",
    "FlipLost",
    "NotFound",
    "QuotaExhausted",
    "Refused",
    "ReplicaMismatch",
    "StaleEpoch",
    "Unreachable",
    "VertexDrError",
]


class VertexDrError(Exception):
    """An error that vertex-dr foresaw: one sentence for people, and what a caller may do about it."""

    retryable: ClassVar[bool] = False
    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 500

    def __init__(self, tried: str, *, found: str, then: str) -> None:
        super().__init__(f"cannot {tried}: {found}; {then}")
        self.tried = tried
        self.found = found
        self.then = then


class BadInput(VertexDrError):
    """What was given cannot be used, and nothing was done."""

    exit_code = 2
    http_status = 400


class BadSettings(BadInput):
    """The environment lacks a setting or holds one that cannot be read."""


class DamagedRecord(BadInput):
    """A stored document or object does not parse, or lacks a field."""


class Refused(VertexDrError):
    """A guard said no: the state forbids the action now, and nothing was done."""

    exit_code = 5
    http_status = 409


class FlipLost(Refused):
    """Another flip was accepted first."""


class StaleEpoch(Refused):
    """The epoch moved while a step was in flight, so no further step may run."""


class NotFound(VertexDrError):
    """What was asked for does not exist."""

    exit_code = 5
    http_status = 409


class ReplicaMismatch(VertexDrError):
    """A copy differs from its source."""

    exit_code = 3
    http_status = 409


class Denied(VertexDrError):
    """Google refused the identity that made the call."""

    exit_code = 5
    http_status = 403


class Unreachable(VertexDrError):
    """A service or a region did not answer, or answered that it is unavailable."""

    retryable = True
    exit_code = 6
    http_status = 503

    def __init__(self, tried: str, *, found: str, then: str, retry_after_seconds: float | None = None) -> None:
        super().__init__(tried, found=found, then=then)
        self.retry_after_seconds = retry_after_seconds  # what the answer asked for; None when it named no time


class QuotaExhausted(Unreachable):
    """A quota ran out; the service answers, and the same call may go through later."""

"""How a row of the table is made; what could not be asked is INCONCLUSIVE in every check, with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from preflight.records import PreflightFinding
from vertex_dr.kernel.verdict import Verdict

if TYPE_CHECKING:
    from preflight.records import Unasked

__all__ = ["failed", "passed", "unasked", "uncertain"]


def passed(check: str, subject: str, *, expected: str, found: str) -> PreflightFinding:
    """Return the finding that all is as a first apply needs it."""
    return PreflightFinding(check=check, subject=subject, verdict=Verdict.PASS, expected=expected, found=found)


def failed(check: str, subject: str, *, expected: str, found: str, remedy: str) -> PreflightFinding:
    """Return the finding that a first apply would fail here."""
    return PreflightFinding(
        check=check, subject=subject, verdict=Verdict.FAIL, expected=expected, found=found, remedy=remedy
    )


def uncertain(check: str, subject: str, *, expected: str, found: str, remedy: str) -> PreflightFinding:
    """Return the finding that what was seen does not decide."""
    return PreflightFinding(
        check=check, subject=subject, verdict=Verdict.INCONCLUSIVE, expected=expected, found=found, remedy=remedy
    )


def unasked(check: str, subject: str, *, expected: str, answer: Unasked) -> PreflightFinding:
    """Return the finding that the question itself failed."""
    return uncertain(check, subject, expected=expected, found=answer.found, remedy=answer.then)

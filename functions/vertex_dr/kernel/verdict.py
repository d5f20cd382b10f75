"""Four answers to the question whether something holds."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Verdict", "worst"]


class Verdict(StrEnum):
    """PASS holds, FAIL does not, INCONCLUSIVE could not be seen, ERROR broke while looking."""

    PASS = "PASS"  # noqa: S105 - a verdict, not a secret
    FAIL = "FAIL"
    INCONCLUSIVE = "INCONCLUSIVE"
    ERROR = "ERROR"

    def __bool__(self) -> bool:
        raise TypeError("a verdict has four values: compare it with Verdict.PASS instead of asking whether it is true")

    @property
    def exit_code(self) -> int:
        """Return the exit code of the command that ends with this verdict."""
        return {"PASS": 0, "FAIL": 4, "INCONCLUSIVE": 6, "ERROR": 1}[self.value]


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return FAIL if any failed, else ERROR, else INCONCLUSIVE, else PASS; no verdict at all is INCONCLUSIVE."""
    found = set(verdicts)
    for verdict in (Verdict.FAIL, Verdict.ERROR, Verdict.INCONCLUSIVE, Verdict.PASS):
        if verdict in found:
            return verdict
    return Verdict.INCONCLUSIVE

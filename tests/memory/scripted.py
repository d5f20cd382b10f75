"""Faults scripted by name: which call fails, when, and whether its work was done before the answer was lost."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, Any, Self, TypeVar

from vertex_dr.kernel.errors import Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from vertex_dr.kernel.errors import VertexDrError

__all__ = ["FaultPlan", "faulty"]

T = TypeVar("T")


@dataclass
class _Fault:
    error: VertexDrError
    first: int
    last: float
    is_after: bool


@dataclass
class FaultPlan:
    """Fails calls as scripted: `FaultPlan().fail("commit", nth=2)`; without nth, every call from then on."""

    _faults: dict[str, list[_Fault]] = field(default_factory=dict)
    _calls: Counter[str] = field(default_factory=Counter)

    def fail(
        self, call: str, *, nth: int | None = None, with_: VertexDrError | None = None, after_work: bool = False
    ) -> Self:
        """Make the nth call from now on fail; after_work does the work first and loses the answer."""
        error = with_ or Unreachable(f"reach {call}", found="it is dark", then="try again")
        first = self._calls[call] + (nth or 1)
        self._faults.setdefault(call, []).append(_Fault(error, first, first if nth else float("inf"), after_work))
        return self

    def heal(self, call: str) -> None:
        """Let the call succeed again."""
        self._faults.pop(call, None)

    def before(self, call: str) -> None:
        """Count the call, and fail it if that is scripted."""
        with self.around(call):
            pass

    @contextmanager
    def around(self, call: str) -> Iterator[None]:
        """Count the call, and fail it before or after its work if that is scripted."""
        self._calls[call] += 1
        number = self._calls[call]
        due = [fault for fault in self._faults.get(call, []) if fault.first <= number <= fault.last]
        for fault in due:
            if not fault.is_after:
                raise fault.error
        yield
        for fault in due:
            raise fault.error


def faulty(method: Callable[..., T]) -> Callable[..., T]:
    """Let the object's fault plan fail the method, before or after its work."""

    @wraps(method)
    def called(self: Any, *args: Any, **kwargs: Any) -> T:
        with self.faults.around(method.__name__):
            return method(self, *args, **kwargs)

    return called

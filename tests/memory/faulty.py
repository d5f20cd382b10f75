"""Methods whose calls a fault plan counts and fails by name."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def faulty(method: Callable[..., T]) -> Callable[..., T]:
    """Let the object's fault plan fail the method, before or after its work."""

    @wraps(method)
    def called(self: Any, *args: Any, **kwargs: Any) -> T:
        with self.faults.around(method.__name__):
            return method(self, *args, **kwargs)

    return called

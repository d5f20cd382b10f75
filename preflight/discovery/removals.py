"""The scratch resources of one run, removed in the reverse order, however it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vertex_dr.kernel.errors import NotFound, VertexDrError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ScratchRemovals"]


class ScratchRemovals:
    """What was made, or may have been: each is remembered before it is made."""

    def __init__(self) -> None:
        self._made: list[tuple[str, Callable[[], None]]] = []

    def add(self, name: str, remove: Callable[[], None], /) -> None:
        """Remember how to remove it."""
        self._made.append((name, remove))

    def run(self) -> tuple[str, ...]:
        """Remove everything; return what is left, with the reason. Repeating tries again what is left."""
        left: list[tuple[str, Callable[[], None]]] = []
        reasons: list[str] = []
        for name, remove in reversed(self._made):
            try:
                remove()
            except NotFound:
                continue
            except VertexDrError as error:
                left.append((name, remove))
                reasons.append(f"{name}: {error.found}")
        self._made = left[::-1]
        return tuple(reasons)

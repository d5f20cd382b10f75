"""The selector's copies in all their places: each is read and written on its own, so that a dark one costs no other.

A copy is never a mutable `latest`: an overwrite in flight when a region dies would make that name unreadable.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol

from vertex_dr.kernel.errors import VertexDrError
from vertex_dr.traffic.records import CopyState

if TYPE_CHECKING:
    from vertex_dr.traffic.records import Selector

__all__ = ["CopyPlace", "GoogleCopies"]


class CopyPlace(Protocol):
    """One place of copies."""

    @property
    def name(self) -> str:
        """What reports call the place."""
        ...

    def newest(self) -> Selector | None:
        """Return the selector of the highest epoch there, or None when there is none. Raises the kernel's errors."""
        ...

    def add(self, selector: Selector) -> None:
        """Make the place hold that selector beside the older ones. Raises the kernel's errors."""
        ...


class GoogleCopies:
    """Implements Copies; all places are asked at once."""

    def __init__(self, *places: CopyPlace) -> None:
        self._places = places

    def states(self) -> tuple[CopyState, ...]:
        """Return what each place holds."""
        with ThreadPoolExecutor(max_workers=len(self._places)) as threads:
            return tuple(threads.map(_state, self._places))

    def write_missing(self, selector: Selector) -> tuple[CopyState, ...]:
        """Make each place hold this epoch or a higher one, and return what each holds; repeating is safe."""
        return tuple(
            state
            if state.selector is not None and state.selector.epoch >= selector.epoch
            else _written(place, selector)
            for place, state in zip(self._places, self.states(), strict=True)
        )


def _state(place: CopyPlace) -> CopyState:
    try:
        return CopyState(place=place.name, selector=place.newest())
    except VertexDrError as exc:
        return CopyState(place=place.name, selector=None, problem=str(exc))


def _written(place: CopyPlace, selector: Selector) -> CopyState:
    try:
        place.add(selector)
    except VertexDrError as exc:
        return CopyState(place=place.name, selector=None, problem=str(exc))
    return CopyState(place=place.name, selector=selector)

"""What traffic needs of the world, one Protocol a thing; adapters return these records and raise kernel errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from vertex_dr.kernel.records import Record
    from vertex_dr.kernel.sides import Side
    from vertex_dr.traffic.probes import ProbeTrail
    from vertex_dr.traffic.records import (
        Answer,
        Change,
        CopyState,
        Destination,
        Golden,
        Instances,
        Readiness,
        Selector,
        Stored,
    )

__all__ = [
    "Ahead",
    "Copies",
    "Functions",
    "GoldenSource",
    "Predictions",
    "ProbeLog",
    "ReadinessLog",
    "SelectorReader",
    "SelectorStore",
]


class SelectorReader(Protocol):
    """Reads the selector; whoever only follows it needs no more."""

    def read(self) -> Selector:
        """Return the selector as it is now.

        Raises NotFound when nobody created it, DamagedRecord when it lacks a field, Unreachable when nobody answers.
        """
        ...


class SelectorStore(SelectorReader, Protocol):
    """The one place where flips are decided. Repeating a write is refused, never done twice."""

    def stored(self) -> Stored:
        """Return the selector with its document's version. Raises as `read` does."""
        ...

    def create(self, change: Change) -> None:
        """Make selector and change exist, both or neither. Raises FlipLost when either exists already."""
        ...

    def commit(self, change: Change, *, replaces: Stored) -> None:
        """Replace the selector and keep the change, both or neither.

        Raises FlipLost when the selector is no longer the one replaced or the epoch is taken, and Unreachable when
        the answer was lost: then `change` tells whether it went through.
        """
        ...

    def amend(self, selector: Selector, *, replaces: Stored) -> None:
        """Replace the selector within its epoch. Raises FlipLost when it is no longer the one replaced."""
        ...

    def change(self, epoch: int) -> Change | None:
        """Return the accepted flip of that epoch, or None when there was none."""
        ...

    def changes(self) -> tuple[Change, ...]:
        """Return every accepted flip, by epoch."""
        ...


class Copies(Protocol):
    """The selector's copies in all their places; nothing that is heavy to import is behind it.

    A place that does not answer says so in its problem and raises nothing: another one may serve, and the next run
    writes what is missing.
    """

    def states(self) -> tuple[CopyState, ...]:
        """Return what each place holds."""
        ...

    def write_missing(self, selector: Selector) -> tuple[CopyState, ...]:
        """Make each place hold this epoch or a higher one, and return what each holds; repeating is safe."""
        ...


class Predictions(Protocol):
    """Asks a side's endpoint for predictions."""

    def predict(
        self,
        destination: Destination,
        instances: Instances,
        *,
        parameters: Any = None,
        timeout_seconds: float,
        try_number: int = 1,
    ) -> Answer:
        """Return the endpoint's answer: one predicted value an instance, in their order.

        parameters is what the model's server takes beside the instances. Raises BadInput when the model refuses the
        instances; after any other error another side may still answer.
        """
        ...


class GoldenSource(Protocol):
    """Keeps the golden values that training computed."""

    def golden(self) -> Golden:
        """Return them. Raises NotFound when training wrote none, DamagedRecord when they cannot be read."""
        ...


class ProbeLog(Protocol):
    """Keeps each prober's trail of each side."""

    def trails(self) -> tuple[ProbeTrail, ...]:
        """Return every trail, by prober and target; an empty tuple before the first probe."""
        ...

    def record(self, trails: tuple[ProbeTrail, ...]) -> None:
        """Replace these trails, all or none. Repeating is safe."""
        ...


class ReadinessLog(Protocol):
    """Keeps what a side last said of its readiness."""

    def readiness(self, side: Side) -> Readiness | None:
        """Return it, or None when nobody verified that side yet."""
        ...

    def record(self, readiness: Readiness) -> None:
        """Replace it. Repeating is safe."""
        ...


class Ahead(Protocol):
    """Tells what would be lost by going back to primary."""

    def __call__(self) -> tuple[str, ...]:
        """Return one line for each asset that dr has and primary lacks, both observed now. Raises Unreachable."""
        ...


class Functions(Protocol):
    """Calls other functions of the same side."""

    def call(self, url: str, record: Record | None, *, timeout_seconds: float) -> dict[str, Any]:
        """Post the record to the function at url and return the JSON that it answers.

        Raises Refused when a guard said no, and Unreachable when nobody answered in time.
        """
        ...

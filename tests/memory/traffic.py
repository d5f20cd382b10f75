"""Traffic's ports in memory: they keep the same promises as the adapters, and fail as a fault plan says."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from tests.memory.scripted import FaultPlan
from vertex_dr.kernel.errors import FlipLost, NotFound, Unreachable
from vertex_dr.traffic.records import Answer, Change, CopyState, Destination, Golden, Phase, Readiness, Selector, Stored

if TYPE_CHECKING:
    from vertex_dr.kernel.records import Record
    from vertex_dr.kernel.sides import Side
    from vertex_dr.traffic.probes import ProbeTrail
    from vertex_dr.traffic.records import Instances


@dataclass
class MemorySelectors:
    """SelectorStore."""

    faults: FaultPlan = field(default_factory=FaultPlan)
    held: Selector | None = None
    kept: dict[int, Change] = field(default_factory=dict)
    version: int = 0
    reads: int = 0
    flip_at: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def selected(self) -> Selector:
        """What is held, without a read that counts."""
        assert self.held is not None
        return self.held

    def flip(self) -> None:
        """Let somebody else send clients to the other side."""
        epoch, active = self.selected.epoch + 1, self.selected.active.other
        flipped = msgspec.structs.replace(self.selected, epoch=epoch, active=active, phase=Phase.with_active(active))
        self._keep(Change(flip_id=f"somebody else's {epoch}", from_side=active.other, selector=flipped))

    def read(self) -> Selector:
        self.faults.before("read")
        self.reads += 1
        if self.reads == self.flip_at:
            self.flip()
        if self.held is None:
            raise NotFound("read the selector", found="there is none", then="create it")
        return self.held

    def stored(self) -> Stored:
        return Stored(selector=self.read(), version=str(self.version))

    def create(self, change: Change) -> None:
        with self.faults.around("create"), self.lock:
            if self.held is not None or change.selector.epoch in self.kept:
                raise FlipLost("create the selector", found="it exists", then="read it")
            self._keep(change)

    def commit(self, change: Change, *, replaces: Stored) -> None:
        with self.faults.around("commit"), self.lock:
            if str(self.version) != replaces.version or change.selector.epoch in self.kept:
                raise FlipLost("commit the change", found="another was accepted", then="look at it")
            self._keep(change)

    def amend(self, selector: Selector, *, replaces: Stored) -> None:
        with self.faults.around("amend"), self.lock:
            if str(self.version) != replaces.version:
                raise FlipLost("amend the selector", found="another change was accepted", then="look at it")
            self.held, self.version = selector, self.version + 1

    def change(self, epoch: int) -> Change | None:
        self.faults.before("change")
        return self.kept.get(epoch)

    def changes(self) -> tuple[Change, ...]:
        return tuple(self.kept[epoch] for epoch in sorted(self.kept))

    def _keep(self, change: Change) -> None:
        self.kept[change.selector.epoch] = change
        self.held, self.version = change.selector, self.version + 1


@dataclass
class MemoryCopies:
    """Copies of two places; a fault named after a place makes it unreadable and unwritable."""

    faults: FaultPlan = field(default_factory=FaultPlan)
    places: dict[str, Selector | None] = field(default_factory=lambda: {"secret": None, "bucket": None})

    def states(self) -> tuple[CopyState, ...]:
        return tuple(self._state(place) for place in self.places)

    def write_missing(self, selector: Selector) -> tuple[CopyState, ...]:
        for state in self.states():
            if state.problem is None and (state.selector is None or state.selector.epoch < selector.epoch):
                self.places[state.place] = selector
        return self.states()

    def _state(self, place: str) -> CopyState:
        try:
            self.faults.before(place)
        except Unreachable as exc:
            return CopyState(place=place, selector=None, problem=str(exc))
        return CopyState(place=place, selector=self.places[place])


@dataclass
class MemoryPredictions:
    """Predictions: each region answers with its values; a fault is named after the region."""

    values: dict[str, list[Any]]
    faults: FaultPlan = field(default_factory=FaultPlan)
    asked: list[tuple[str, int]] = field(default_factory=list)

    def predict(
        self,
        destination: Destination,
        instances: Instances,  # noqa: ARG002 - as the port
        *,
        parameters: Any = None,  # noqa: ARG002 - as the port
        timeout_seconds: float,  # noqa: ARG002 - as the port
        try_number: int = 1,
    ) -> Answer:
        self.asked.append((destination.region, try_number))
        self.faults.before(destination.region)
        return Answer(predictions=self.values[destination.region], model="diagnosis", model_version="2")


@dataclass
class MemoryGolden:
    """GoldenSource."""

    values: Golden
    faults: FaultPlan = field(default_factory=FaultPlan)

    def golden(self) -> Golden:
        self.faults.before("golden")
        return self.values


@dataclass
class MemoryProbes:
    """ProbeLog."""

    faults: FaultPlan = field(default_factory=FaultPlan)
    kept: dict[tuple[Side, Side], ProbeTrail] = field(default_factory=dict)

    def trails(self) -> tuple[ProbeTrail, ...]:
        self.faults.before("trails")
        return tuple(self.kept.values())

    def record(self, trails: tuple[ProbeTrail, ...]) -> None:
        for one in trails:
            self.faults.before(f"record {one.last.target}")
        self.kept |= {(one.last.prober, one.last.target): one for one in trails}


@dataclass
class MemoryReadiness:
    """ReadinessLog."""

    kept: dict[Side, Readiness] = field(default_factory=dict)

    def readiness(self, side: Side) -> Readiness | None:
        return self.kept.get(side)

    def record(self, readiness: Readiness) -> None:
        self.kept[readiness.side] = readiness


class FunctionCall(NamedTuple):
    """One call that a function got."""

    url: str
    record: Record | None
    timeout_seconds: float


@dataclass
class MemoryFunctions:
    """Functions: each URL answers as a test says; a fault is named after the URL."""

    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: FaultPlan = field(default_factory=FaultPlan)
    called: list[FunctionCall] = field(default_factory=list)

    def call(self, url: str, record: Record | None, *, timeout_seconds: float) -> dict[str, Any]:
        self.called.append(FunctionCall(url, record, timeout_seconds))
        self.faults.before(url)
        return self.answers.get(url, {})


@dataclass
class Time:
    """Clock, Sleep and a monotonic counter that only pass when told."""

    now: datetime
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)

    def monotonic(self) -> float:
        return self.now.timestamp()


class ThreadTime(threading.local):
    """A time of its own for each thread, each beginning at the same instant: threads that wait do not wait in turn."""

    def __init__(self, begin: datetime) -> None:
        self.begin = self.now = begin
        self.slept: list[float] = []

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)


@dataclass
class Numbers:
    """Identifiers f1, f2, …, or of another form."""

    form: str = "f{}"
    given: int = 0

    def __call__(self) -> str:
        self.given += 1
        return self.form.format(self.given)

"""What is wrong with a region, with one API of it, or between it and one caller, and what a request meets there."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from random import Random
from typing import TYPE_CHECKING, Any

import msgspec

from localcloud.core.faults.refusals import exhausted_quota, passing_refusal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

__all__ = ["Dark", "Mode", "Switch", "Switches"]

# Of the latencies of `slow`: with it the 99th percentile is 3.2 times the median.
_LATENCY_SIGMA = 0.5
_LATENCY_MS = 2000.0
_UNAVAILABLE = 503
_CUTTING = frozenset({"refused", "hanging"})


class Mode(StrEnum):
    """What is wrong."""

    REFUSED = "refused"
    HANGING = "hanging"
    SLOW = "slow"
    HALF = "half"
    WRONG = "wrong"
    QUOTA = "quota"


class Dark(Exception):
    """The request concerns something dark; the connection ends as the mode says, without an answer."""

    def __init__(self, mode: Mode, region: str) -> None:
        super().__init__(f"{region} is dark ({mode.value})")
        self.mode = mode
        self.region = region


class Switch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One thing that is wrong: where, how, for whom and how often. Global services stand in the region `global`.

    share is the part of the requests that meet it, from above 0 to 1; None is the mode's own: a half of them for
    `half`, all of them otherwise. latency_ms is the median of `slow`; status and retry_after_seconds are what `half`
    answers. The same seed meets the same sequence of requests with the same sequence of outcomes.
    """

    region: str
    mode: Mode = Mode.REFUSED
    api: str | None = None
    caller: str | None = None  # an e-mail address
    share: float | None = None
    latency_ms: float | None = None
    status: int | None = None
    retry_after_seconds: int | None = None
    seed: int = 0

    @property
    def chance(self) -> float:
        """The part of the requests that meet the switch."""
        return (0.5 if self.mode is Mode.HALF else 1.0) if self.share is None else self.share

    @property
    def is_darkness(self) -> bool:
        """Whether nobody gets an answer: hosts are dark for that, and what runs in the region is lost."""
        return self.mode in _CUTTING and self.caller is None and self.chance >= 1

    @property
    def replaces(self) -> tuple[str, str | None, str | None, str]:
        """What two switches share when the later one replaces the earlier one: place, caller, and kind of fault."""
        kind = "connection" if self.mode in _CUTTING else self.mode.value
        return (self.region, self.api, self.caller, kind)


@dataclass(slots=True)
class _Thrown:
    switch: Switch
    random: Random
    met: int = 0

    def concerns(self, where: str, api: str | None) -> bool:
        return self.switch.region == where and self.switch.api in (None, api)

    def latency_seconds(self) -> float:
        median_ms = _LATENCY_MS if self.switch.latency_ms is None else self.switch.latency_ms
        return median_ms / 1000 * self.random.lognormvariate(0, _LATENCY_SIGMA)


@dataclass(slots=True)
class _Request:
    """Who asks, and which switches have decided about the request already: each decides once."""

    caller: Callable[[], str | None]
    decided: dict[int, bool] = field(default_factory=dict)


# A request passes several places that know one thing each of what it is about: the host, the resource, the bucket.
_REQUEST: ContextVar[_Request | None] = ContextVar("request", default=None)


class Switches:
    """What is wrong now."""

    def __init__(self, project_number: str, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._project_number = project_number
        self._sleep = sleep
        self._thrown: dict[tuple[str, str | None, str | None, str], _Thrown] = {}
        self._healed: dict[str, asyncio.Event] = {}

    @contextmanager
    def request_of(self, caller: Callable[[], str | None]) -> Iterator[None]:
        """Let `check` and `altering` decide in this block for one request; who sends it is found out if need be."""
        token = _REQUEST.set(_Request(cache(caller)))
        try:
            yield
        finally:
            _REQUEST.reset(token)

    @contextmanager
    def part_of_a_request(self) -> Iterator[None]:
        """Let each switch decide anew in this block, for the same caller: a batch carries many requests."""
        request = _REQUEST.get()
        with self.request_of(request.caller if request else lambda: None):
            yield

    def is_dark(self, region: str | None, api: str | None = None) -> Mode | None:
        """Return the mode in which the API of the region is dark for everybody, or None while it answers anybody."""
        dark = [one.switch for one in self._concerning(region, api) if one.switch.is_darkness]
        return min(dark, key=lambda switch: switch.api is not None).mode if dark else None

    async def check(self, region: str | None, api: str | None = None) -> None:
        """Return, late if the API of the region is slow, when the request may pass.

        Raises Dark when it is to have no answer, and ApiError 429 or 503 when it is to be refused. Outside a request
        only what is dark for everybody counts. Within one, repeating is safe: each switch decides about it once.
        """
        request = _REQUEST.get()
        if request is None:
            if mode := self.is_dark(region, api):
                raise Dark(mode, region or "global")
            return
        there = [one for one in self._concerning(region, api) if one.switch.mode is not Mode.WRONG]
        met = [one for one in there if self._meets(one, request)]
        modes = {one.switch.mode: one.switch for one in met}
        if Mode.REFUSED in modes:
            raise Dark(Mode.REFUSED, region or "global")
        for one in met:
            if one.switch.mode is Mode.SLOW:
                await self._late(one.latency_seconds(), one.switch.region)
        if Mode.HANGING in modes:
            raise Dark(Mode.HANGING, region or "global")
        if found := modes.get(Mode.QUOTA):
            raise exhausted_quota(
                found.api or api or "",
                region or "global",
                self._project_number,
                retry_after_seconds=found.retry_after_seconds,
            )
        if found := modes.get(Mode.HALF):
            raise passing_refusal(found.status or _UNAVAILABLE, retry_after_seconds=found.retry_after_seconds)

    async def _late(self, seconds: float, region: str) -> None:
        """Return when the time is over, or the region is healed."""
        waits = (asyncio.ensure_future(self._sleep(seconds)), asyncio.ensure_future(self.until_healed(region)))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    def altering(self, region: str | None, api: str) -> Random | None:
        """Return what alters the predictions that this request is to get, None when they are to be right."""
        request = _REQUEST.get()
        for one in self._concerning(region, api):
            if one.switch.mode is Mode.WRONG and request is not None and self._meets(one, request):
                return one.random
        return None

    def throw(self, switch: Switch) -> None:
        """Let the fault be; one of the same kind, place and caller is replaced. Repeating begins its seed anew."""
        self._thrown[switch.replaces] = _Thrown(switch, Random(switch.seed))  # noqa: S311 - reproducible on purpose
        self._healed.setdefault(switch.region, asyncio.Event())

    def heal(self, region: str) -> None:
        """End every fault of the region and its APIs, and wake what hangs or is late there; repeating is safe."""
        self._thrown = {key: one for key, one in self._thrown.items() if one.switch.region != region}
        if event := self._healed.pop(region, None):
            event.set()

    async def until_healed(self, region: str) -> None:
        """Return when the region is healed, at once when nothing is wrong with it."""
        if event := self._healed.get(region):
            await event.wait()

    def as_json(self) -> list[dict[str, Any]]:
        """Return what is wrong, one entry a switch, each with how many requests have met it one by one.

        Whole hosts are dark before there is a request: those connections are not counted.
        """
        thrown = sorted(self._thrown.values(), key=lambda one: tuple(map(str, one.switch.replaces)))
        return [msgspec.to_builtins(one.switch) | {"mode": one.switch.mode.value, "met": one.met} for one in thrown]

    def _concerning(self, region: str | None, api: str | None) -> list[_Thrown]:
        return [one for one in self._thrown.values() if one.concerns(region or "global", api)]

    @staticmethod
    def _meets(thrown: _Thrown, request: _Request) -> bool:
        """Whether the request meets the switch now; what has been decided about it before is not met again."""
        switch = thrown.switch
        if switch.is_darkness:
            return True
        if id(thrown) in request.decided:
            return False
        if switch.caller is not None and switch.caller != request.caller():
            return False
        is_met = request.decided[id(thrown)] = switch.chance >= 1 or thrown.random.random() < switch.chance
        thrown.met += is_met
        return is_met

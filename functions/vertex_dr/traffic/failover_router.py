"""Predict with the active side first and the other side second, and follow the selector that says which is which."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from vertex_dr.kernel.errors import BadInput, QuotaExhausted, Unreachable, VertexDrError
from vertex_dr.kernel.events import Event, emit
from vertex_dr.kernel.records import Record
from vertex_dr.kernel.sides import Side
from vertex_dr.traffic.records import Answer, Phase, PredictedValues, Selector

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from vertex_dr.traffic.ports import Copies, Predictions, SelectorReader
    from vertex_dr.traffic.records import Destination, Instances

__all__ = ["FailoverRouter", "Follower", "Prediction", "Try", "before_any_read"]

# A try that took this share of its timeout hung: nobody else should wait for that side as long.
HUNG_SHARE = 0.5


class Try(Record, frozen=True, kw_only=True):
    """One request to one side on the way to a prediction."""

    number: int
    side: Side
    region: str
    epoch: int
    started_at: datetime
    latency_ms: float
    ok: bool
    detail: str


class Prediction(Record, frozen=True, kw_only=True):
    """Predictions in the order of the instances, and who served them."""

    predictions: PredictedValues
    side: Side
    region: str
    epoch: int
    model_version: str | None
    tries: tuple[Try, ...]


class _Rest(NamedTuple):
    """The active side of that epoch hung, or asked for time: nobody asks it again before that monotonic instant."""

    epoch: int
    until: float


class FailoverRouter:
    """Two tries at most: the active side, then the other one, whatever the selector says by then.

    After a try that hung, or was answered with a Retry-After, one caller at a time goes on asking that side; the others
    go straight to their second try.
    """

    def __init__(
        self,
        follower: Follower,
        predictions: Predictions,
        *,
        timeout_seconds: float,
        observer: Callable[[Try], None] | None,
        monotonic: Callable[[], float],
    ) -> None:
        self.follower = follower
        self._predictions = predictions
        self._timeout_seconds = timeout_seconds
        self._observer = observer
        self._monotonic = monotonic
        self._rest: _Rest | None = None

    def predict(self, instances: Instances, parameters: Any) -> Prediction:
        """Return the prediction of the first side that answers.

        Raises BadInput when a model refuses the instances, and Unreachable, with both causes, when neither side
        answers. Repeating is safe.
        """
        selector = self.follower.for_first_try()
        order = [(1, selector.active), (2, selector.active.other)]
        if self._is_resting(selector.epoch):
            order.reverse()
        tries: tuple[Try, ...] = ()
        refusals: list[VertexDrError] = []
        for number, side in order:
            made, outcome = self._one(selector, side, number, instances, parameters)
            tries = (*tries, made)
            if isinstance(outcome, Answer):
                if number == 1:
                    self._rest = None
                    self.follower.trust(selector.epoch)
                return _prediction(outcome, selector, side, tries)
            refusals.append(outcome)
            if number == 1:
                self._note_rest(selector.epoch, made, outcome)
                # A side that is out of quota answers: nobody has to read whether it is still the active one.
                if not isinstance(outcome, QuotaExhausted):
                    selector = self.follower.doubt(selector.epoch)
        raise Unreachable(
            f"predict with either side, under epoch {selector.epoch}",
            found="; ".join(f"{one.side} ({one.region}): {one.detail}" for one in tries),
            then="try again; look at vertex-dr status",
        ) from refusals[-1]

    def _one(
        self, selector: Selector, side: Side, number: int, instances: Instances, parameters: Any
    ) -> tuple[Try, Answer | VertexDrError]:
        destination = selector.sides[side]
        started_at, began = datetime.now(UTC), self._monotonic()
        outcome: Answer | VertexDrError
        try:
            outcome = self._predictions.predict(
                destination,
                instances,
                parameters=parameters,
                timeout_seconds=self._timeout_seconds,
                try_number=number,
            )
        except VertexDrError as exc:
            outcome = exc
        made = Try(
            number=number,
            side=side,
            region=destination.region,
            epoch=selector.epoch,
            started_at=started_at,
            latency_ms=round((self._monotonic() - began) * 1000, 3),
            ok=isinstance(outcome, Answer),
            detail="answered" if isinstance(outcome, Answer) else outcome.found,
        )
        if self._observer is not None:
            self._observer(made)
        if isinstance(outcome, BadInput):
            raise outcome
        return made, outcome

    def _is_resting(self, epoch: int) -> bool:
        """Return whether to leave the active side to the one caller who is waiting for it."""
        if self._rest is None or self._rest.epoch != epoch:
            return False
        now = self._monotonic()
        if now < self._rest.until:
            return True
        # This caller asks the side again; the others wait for what it finds.
        self._rest = _Rest(epoch, until=now + self._timeout_seconds)
        return False

    def _note_rest(self, epoch: int, made: Try, outcome: VertexDrError) -> None:
        """Leave the side alone after a hang, or for as long as it asks; never longer than a try may take."""
        seconds = (outcome.retry_after_seconds if isinstance(outcome, Unreachable) else None) or 0.0
        if made.latency_ms >= HUNG_SHARE * self._timeout_seconds * 1000:
            seconds = self._timeout_seconds
        if seconds:
            self._rest = _Rest(epoch, until=self._monotonic() + min(seconds, self._timeout_seconds))


def _prediction(answer: Answer, selector: Selector, side: Side, tries: tuple[Try, ...]) -> Prediction:
    return Prediction(
        predictions=answer.predictions,
        side=side,
        region=selector.sides[side].region,
        epoch=selector.epoch,
        model_version=answer.model_version,
        tries=tries,
    )


def before_any_read(service: str, sides: Mapping[Side, Destination], *, now: datetime) -> Selector:
    """Return what counts until a selector was read: primary is active, under an epoch below every other."""
    return Selector(
        service=service,
        epoch=0,
        active=Side.PRIMARY,
        sides=dict(sides),
        phase=Phase.STEADY,
        hold=None,
        changed_at=now,
        changed_by="settings",
        reason="no selector was read yet",
    )


class Follower:
    """The selector as one process knows it, shared by its threads.

    It reads Firestore; when Firestore does not answer, the copy with the highest epoch counts. What is known never goes
    back to a lower epoch. While the active side is in doubt, because it just failed, every caller waits for a fresh
    read; those who wait at the same time share it.
    """

    def __init__(
        self,
        selector: SelectorReader,
        copies: Copies,
        *,
        fallback: Selector,
        monotonic: Callable[[], float],
        patience_seconds: float = 1.0,
    ) -> None:
        self._selector = selector
        self._copies = copies
        self._known = fallback
        self._monotonic = monotonic
        self._patience_seconds = patience_seconds
        self._turn = threading.Condition()
        self._reads_begun = 0
        self._reads_ended = 0
        self._is_reading = False
        self._failed_at: float | None = None
        self._doubted_epoch: int | None = None

    def for_first_try(self) -> Selector:
        """Return the selector to start with: read anew when nothing was read yet or the active side is in doubt."""
        if self._reads_ended == 0 or self._is_in_doubt():
            self.refresh()
        return self._known

    def doubt(self, epoch: int) -> Selector:
        """Note that the side which is active under that epoch failed, and return the selector as it is now."""
        with self._turn:
            if epoch >= self._known.epoch:
                self._doubted_epoch = epoch
        self.refresh()
        return self._known

    def trust(self, epoch: int) -> None:
        """Note that the side which is active under that epoch answered a first try."""
        if self._doubted_epoch is not None and epoch >= self._doubted_epoch:
            self._doubted_epoch = None

    def refresh(self) -> None:
        """Read the selector: afterwards what is known is as new as the start of this call, or newer.

        When nothing can be read, what is known stays. Threads that call at once share one read.
        """
        with self._turn:
            needed = self._reads_begun + 1
            while self._reads_ended < needed:
                if not self._is_reading:
                    self._is_reading = True
                    self._reads_begun += 1
                    break
                self._turn.wait()
            else:
                return
        found: Selector | None = None
        try:
            found = self._read()
        finally:
            with self._turn:
                if found is not None and found.epoch > self._known.epoch:
                    self._known = found
                self._is_reading = False
                self._reads_ended = self._reads_begun
                self._turn.notify_all()

    def _is_in_doubt(self) -> bool:
        doubted = self._doubted_epoch
        return doubted is not None and self._known.epoch <= doubted

    def _read(self) -> Selector | None:
        now = self._monotonic()
        if self._failed_at is not None and now - self._failed_at < self._patience_seconds:
            return None
        try:
            found = self._selector.read()
        except VertexDrError as exc:
            states = self._copies.states()
            self._failed_at = self._monotonic()
            kept = [state.selector for state in states if state.selector is not None]
            emit(Event.TRAFFIC_SELECTOR_UNREAD, severity="WARNING", error=str(exc), copies=len(kept))
            return max(kept, key=lambda selector: selector.epoch, default=None)
        self._failed_at = None
        return found

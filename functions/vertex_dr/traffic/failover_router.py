"""Predict with the active side first and the other side second."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from vertex_dr.kernel.errors import BadInput, Unreachable, VertexDrError
from vertex_dr.kernel.records import Record
from vertex_dr.kernel.sides import Side
from vertex_dr.traffic.records import Answer, PredictedValues

if TYPE_CHECKING:
    from collections.abc import Callable

    from vertex_dr.traffic.follower import Follower
    from vertex_dr.traffic.ports import Predictions
    from vertex_dr.traffic.records import Instances, Selector

__all__ = ["FailoverRouter", "Prediction", "Try"]

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


class _Hang(NamedTuple):
    """The active side of that epoch hung: nobody asks it again before that monotonic instant."""

    epoch: int
    until: float


class FailoverRouter:
    """Two tries at most: the active side, then the other one, whatever the selector says by then.

    After a try that hung, one caller at a time goes on asking that side; the others go straight to their second try.
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
        self._hang: _Hang | None = None

    def predict(self, instances: Instances, parameters: Any) -> Prediction:
        """Return the prediction of the first side that answers.

        Raises BadInput when a model refuses the instances, and Unreachable, with both causes, when neither side
        answers. Repeating is safe.
        """
        selector = self.follower.for_first_try()
        order = [(1, selector.active), (2, selector.active.other)]
        if self._is_hanging(selector.epoch):
            order.reverse()
        tries: tuple[Try, ...] = ()
        refusals: list[VertexDrError] = []
        for number, side in order:
            made, outcome = self._one(selector, side, number, instances, parameters)
            tries = (*tries, made)
            if isinstance(outcome, Answer):
                if number == 1:
                    self._hang = None
                    self.follower.trust(selector.epoch)
                return _prediction(outcome, selector, side, tries)
            refusals.append(outcome)
            if number == 1:
                self._note_hanging(selector.epoch, made)
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

    def _is_hanging(self, epoch: int) -> bool:
        """Return whether to leave the active side to the one caller who is waiting for it."""
        if self._hang is None or self._hang.epoch != epoch:
            return False
        now = self._monotonic()
        if now < self._hang.until:
            return True
        # This caller asks the side again; the others wait for what it finds.
        self._hang = _Hang(epoch, until=now + self._timeout_seconds)
        return False

    def _note_hanging(self, epoch: int, made: Try) -> None:
        if made.latency_ms >= HUNG_SHARE * self._timeout_seconds * 1000:
            self._hang = _Hang(epoch, until=self._monotonic() + self._timeout_seconds)


def _prediction(answer: Answer, selector: Selector, side: Side, tries: tuple[Try, ...]) -> Prediction:
    return Prediction(
        predictions=answer.predictions,
        side=side,
        region=selector.sides[side].region,
        epoch=selector.epoch,
        model_version=answer.model_version,
        tries=tries,
    )

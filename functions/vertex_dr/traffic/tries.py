"""Predict with the active side first and the other side second: pure routing, told everything it needs."""

from __future__ import annotations

from datetime import UTC, datetime
from time import perf_counter
from typing import TYPE_CHECKING, Any

from vertex_dr.kernel.errors import BadInput, Unreachable, VertexDrError
from vertex_dr.traffic.prediction import Answer, Prediction, Try

if TYPE_CHECKING:
    from collections.abc import Callable

    from vertex_dr.kernel.sides import Side
    from vertex_dr.traffic.follower import Follower
    from vertex_dr.traffic.ports import Predictions
    from vertex_dr.traffic.records import Selector

__all__ = ["Tries"]


class Tries:
    """Two tries at most: the active side, then the other one, whatever the selector says by then."""

    def __init__(
        self,
        follower: Follower,
        predictions: Predictions,
        *,
        timeout_seconds: float,
        observer: Callable[[Try], None] | None,
    ) -> None:
        self._follower = follower
        self._predictions = predictions
        self._timeout = timeout_seconds
        self._observer = observer

    def predict(self, instances: list[Any], parameters: Any) -> Prediction:
        """Return the prediction of the first side that answers.

        Raises BadInput when a model refuses the instances, and Unreachable, with both causes, when neither side
        answers. Repeating is safe.
        """
        selector = self._follower.for_first_try()
        first = selector.active
        answer, made, refusal = self._one(selector, first, 1, instances, parameters)
        tries: tuple[Try, ...] = (made,)
        if answer is not None:
            self._follower.trust(selector.epoch)
            return _prediction(answer, selector, first, tries)
        selector = self._follower.doubt(selector.epoch)
        answer, made, second_refusal = self._one(selector, first.other, 2, instances, parameters)
        tries = (*tries, made)
        if answer is not None:
            return _prediction(answer, selector, first.other, tries)
        raise Unreachable(
            f"predict with either side, under epoch {selector.epoch}",
            found="; ".join(f"{one.side} ({one.region}): {one.detail}" for one in tries),
            then="try again; look at vertex-dr status",
        ) from (second_refusal or refusal)

    def _one(
        self, selector: Selector, side: Side, number: int, instances: list[Any], parameters: Any
    ) -> tuple[Answer | None, Try, VertexDrError | None]:
        destination = selector.sides[side]
        started_at, began = datetime.now(UTC), perf_counter()
        answer: Answer | None = None
        refusal: VertexDrError | None = None
        try:
            answer = self._predictions.predict(
                destination,
                instances,
                parameters=parameters,
                timeout_seconds=self._timeout,
                try_number=number,
            )
        except VertexDrError as exc:
            refusal = exc
        made = Try(
            number=number,
            side=side,
            region=destination.region,
            epoch=selector.epoch,
            started_at=started_at,
            latency_ms=round((perf_counter() - began) * 1000, 3),
            ok=answer is not None,
            detail="answered" if refusal is None else refusal.found,
        )
        if self._observer is not None:
            self._observer(made)
        if isinstance(refusal, BadInput):
            raise refusal
        return answer, made, refusal


def _prediction(answer: Answer, selector: Selector, side: Side, tries: tuple[Try, ...]) -> Prediction:
    return Prediction(
        predictions=answer.predictions,
        side=side,
        region=selector.sides[side].region,
        epoch=selector.epoch,
        model_version=answer.model_version,
        tries=tries,
    )

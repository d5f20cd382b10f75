"""What a prediction is, and the tries that it took."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from vertex_dr.kernel.records import Record
from vertex_dr.kernel.sides import Side

__all__ = ["Answer", "Prediction", "Try"]


class Answer(Record, frozen=True, kw_only=True):
    """What an endpoint answered."""

    predictions: list[Any]
    model: str | None = None
    model_version: str | None = None


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

    predictions: list[Any]
    side: Side
    region: str
    epoch: int
    model_version: str | None
    tries: tuple[Try, ...]

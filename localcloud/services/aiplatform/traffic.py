"""Traffic splits: which deployed model gets which share of an endpoint's predictions."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from localcloud.core.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_WHOLE = 100
NEW = "0"
"""In a deploy request, the key of the model that is being deployed."""


def checked(split: Mapping[str, int], deployed_ids: Iterable[str]) -> dict[str, int]:
    """Return the split without empty shares; raises ApiError 400 unless it is whole and names deployed models only."""
    known = set(deployed_ids)
    unknown = sorted(key for key in split if key not in known)
    if unknown:
        raise ApiError.invalid(
            f"traffic_split names {', '.join(unknown)}, but deployed are: {', '.join(sorted(known)) or 'none'}"
        )
    shares = {key: int(share) for key, share in split.items()}
    if any(share < 0 for share in shares.values()) or (shares and sum(shares.values()) != _WHOLE):
        raise ApiError.invalid(f"traffic_split must sum to 100 with no share below 0, got {shares}")
    return {key: share for key, share in shares.items() if share}


def with_new(split: Mapping[str, int], new_id: str) -> dict[str, int]:
    """Return the split with the key of the model being deployed replaced by its id."""
    return {new_id if key == NEW else key: share for key, share in split.items()}


def choose(split: Mapping[str, int], *, draw: float | None = None) -> str | None:
    """Return the deployed model that a prediction goes to; None when nothing gets traffic."""
    whole = sum(split.values())
    point = (random.random() if draw is None else draw) * whole  # noqa: S311 - a share of traffic is no secret
    for key, share in split.items():
        point -= share
        if point < 0:
            return key
    return None

"""The flip itself: one commit that has exactly one winner."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vertex_dr.kernel.errors import FlipLost, Unreachable
from vertex_dr.traffic.records import Change, Phase

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from vertex_dr.kernel.sides import Side
    from vertex_dr.traffic.ports import SelectorStore
    from vertex_dr.traffic.records import CopyState, Selector, Stored

__all__ = ["flip", "next_epoch"]


def next_epoch(selector: Selector | None, copies: Iterable[CopyState]) -> int:
    """Return one above the highest epoch of the selector and its copies, so a restored database cannot go back."""
    seen = [copy.selector.epoch for copy in copies if copy.selector is not None]
    return 1 + max([selector.epoch if selector else 0, *seen])


def flip(  # noqa: PLR0913 - everything that the change document keeps
    store: SelectorStore, stored: Stored, *, to: Side, epoch: int, flip_id: str, by: str, reason: str, at: datetime
) -> Selector:
    """Make the selector name that side under the new epoch, and return it as accepted.

    Raises FlipLost, naming the winner, when another flip was accepted first. Repeating with the same flip id is safe:
    whoever lost the answer has won only if the change document carries that id.
    """
    before = stored.selector
    after = msgspec.structs.replace(
        before, epoch=epoch, active=to, phase=Phase.with_active(to), changed_at=at, changed_by=by, reason=reason
    )
    change = Change(flip_id=flip_id, from_side=before.active, selector=after)
    try:
        store.commit(change, replaces=stored)
    except (FlipLost, Unreachable) as exc:
        accepted = store.change(epoch)
        if accepted is None:
            raise
        if accepted.flip_id == flip_id:
            return accepted.selector
        winner = accepted.selector
        raise FlipLost(
            f"send {before.service} to {to}",
            found=f"{winner.changed_by} flipped first, to {winner.active} under epoch {winner.epoch} ({winner.reason})",
            then="look at vertex-dr status before flipping again",
        ) from exc
    return after

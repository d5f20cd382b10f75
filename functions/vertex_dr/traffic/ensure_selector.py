"""Make the selector exist: Terraform makes its database, never the document, so no apply can undo a failover."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vertex_dr.kernel.errors import FlipLost, NotFound, Unreachable
from vertex_dr.kernel.sides import Side
from vertex_dr.traffic.fail_over import next_epoch
from vertex_dr.traffic.records import Change, Phase, Selector

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from vertex_dr.kernel.clock import Clock
    from vertex_dr.traffic.ports import Copies, SelectorStore
    from vertex_dr.traffic.records import Destination

__all__ = ["EnsureSelector"]


@dataclass(frozen=True, kw_only=True)
class EnsureSelector:
    """Creates the selector where there is none."""

    service: str
    sides: Mapping[Side, Destination]
    store: SelectorStore
    copies: Copies
    clock: Clock
    new_id: Callable[[], str]
    by: str

    def run(self) -> Selector:
        """Make the selector exist and return it; repeating is safe, and of two callers at once one creates it.

        A new service starts at epoch 1 with primary active. Where the document is gone and copies are left, the
        highest copy says which side is active, and the epoch goes on above it. Raises Unreachable when there is no
        document and a place of copies could not be read while the others are empty: what it holds may say otherwise.
        """
        try:
            return self.store.read()
        except NotFound:
            change = self._first()
        try:
            self.store.create(change)
        except FlipLost:
            return self.store.read()
        return change.selector

    def _first(self) -> Change:
        copies = self.copies.states()
        kept = max((c.selector for c in copies if c.selector), key=lambda selector: selector.epoch, default=None)
        unread = "; ".join(f"{copy.place}: {copy.problem}" for copy in copies if copy.problem)
        if kept is None and unread:
            raise Unreachable(
                f"create the selector of {self.service}",
                found=f"there is no document, and it cannot be told whether it had copies ({unread})",
                then="repair what the places of copies answer; the next run of probe_region creates it",
            )
        active = kept.active if kept else Side.PRIMARY
        selector = Selector(
            service=self.service,
            epoch=next_epoch(None, copies),
            active=active,
            sides=dict(self.sides),
            phase=Phase.with_active(active),
            hold=kept.hold if kept else None,
            changed_at=self.clock(),
            changed_by=self.by,
            reason=f"restored from the copy of epoch {kept.epoch}" if kept else "the service begins",
        )
        return Change(flip_id=self.new_id(), from_side=None, selector=selector)

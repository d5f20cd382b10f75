"""Apply a plan: flip by one commit that has exactly one winner, prove it, then write copies and journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from vertex_dr.kernel.errors import FlipLost, Refused, StaleEpoch, Unreachable, VertexDrError
from vertex_dr.kernel.events import Event, emit
from vertex_dr.kernel.records import Record
from vertex_dr.kernel.verdict import Verdict
from vertex_dr.traffic.probes import PROOF_SECONDS, check
from vertex_dr.traffic.records import Change, CopyState, FailoverPlan, Phase, Rehearsed, Selector, Trigger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from vertex_dr.kernel.clock import Clock
    from vertex_dr.kernel.journal import JournalLog
    from vertex_dr.kernel.sides import Side
    from vertex_dr.traffic.ports import Copies, GoldenSource, Predictions, SelectorStore
    from vertex_dr.traffic.records import Stored

__all__ = ["FailOver", "FlipJournal", "RehearseFailOver", "flip", "next_epoch"]


class FlipJournal(Record, frozen=True, kw_only=True):
    """What really happened: the plan, the selector as accepted, when each thing was done, and whether it holds."""

    schema: int = 1
    plan: FailoverPlan
    flip_id: str
    selector: Selector
    started_at: datetime
    flipped_at: datetime
    verified_at: datetime | None
    verdict: Verdict
    finding: str
    copies: tuple[CopyState, ...]
    problems: tuple[str, ...]
    journal: str | None


@dataclass(frozen=True, kw_only=True)
class RehearseFailOver:
    """Does what a flip does up to its commit, so that the way to it is warm and known to work."""

    store: SelectorStore
    copies: Copies

    def run(self) -> Rehearsed:
        """Return what a flip would start from; nothing is written. Raises as reading the selector does."""
        selector = self.store.read()
        return Rehearsed(
            service=selector.service, epoch=selector.epoch, active=selector.active, copies=self.copies.states()
        )


@dataclass(frozen=True, kw_only=True)
class FailOver:
    """Applies plans of assess_regions and of operators alike; what keeps journals is loaded after the flip."""

    prober: Side
    store: SelectorStore
    copies: Copies
    predictions: Predictions
    golden: GoldenSource
    journals: Callable[[], JournalLog]
    clock: Clock
    new_id: Callable[[], str]

    def run(self, plan: FailoverPlan) -> FlipJournal:
        """Make the selector name the plan's side, and return the journal with its verdict.

        Raises FlipLost when another flip was accepted first, StaleEpoch when the selector moved since the plan was
        made, and Refused when an operator has held it since and no operator made the plan: nothing was written then.
        Repeating is safe: it is refused once the plan was applied.
        """
        started_at = self.clock()
        stored = self.store.stored()
        _guard(plan, stored)
        flip_id = self.new_id()
        selector = flip(
            self.store,
            stored,
            to=plan.to_side,
            epoch=next_epoch(stored.selector, self.copies.states()),
            flip_id=flip_id,
            by=plan.by,
            reason=plan.reason,
            at=self.clock(),
        )
        flipped_at = self.clock()
        emit(
            Event.TRAFFIC_SELECTOR_FLIPPED,
            severity="WARNING",
            service=plan.service,
            epoch=selector.epoch,
            active=selector.active,
            by=plan.by,
            reason=plan.reason,
        )
        verdict, finding, verified_at = self._prove(selector)
        copies = self.copies.write_missing(selector)
        journal = FlipJournal(
            plan=plan,
            flip_id=flip_id,
            selector=selector,
            started_at=started_at,
            flipped_at=flipped_at,
            verified_at=verified_at,
            verdict=verdict,
            finding=finding,
            copies=copies,
            problems=tuple(f"{copy.place}: {copy.problem}" for copy in copies if copy.problem),
            journal=None,
        )
        return self._kept(journal)

    def _prove(self, selector: Selector) -> tuple[Verdict, str, datetime | None]:
        """Observe again: read the selector back and ask the side it names for the golden predictions."""
        try:
            found = self.store.read()
            if found.epoch > selector.epoch:
                return Verdict.FAIL, f"the selector moved on to epoch {found.epoch} ({found.active})", None
            if (found.epoch, found.active) != (selector.epoch, selector.active):
                return Verdict.FAIL, f"the selector names {found.active} under epoch {found.epoch}", None
            golden = self.golden.golden()
        except VertexDrError as exc:
            return Verdict.INCONCLUSIVE, str(exc), None
        probe = check(
            self.predictions,
            found.destination,
            golden,
            prober=self.prober,
            target=found.active,
            clock=self.clock,
            timeout_seconds=PROOF_SECONDS,
        )
        if not probe.is_answered or probe.is_over_quota:
            return Verdict.FAIL, f"{found.active} does not predict: {probe.detail}", None
        if not probe.is_golden:
            return Verdict.FAIL, f"{found.active} predicts {probe.detail}", None
        return Verdict.PASS, f"{found.active} predicts {probe.detail}", self.clock()

    def _kept(self, journal: FlipJournal) -> FlipJournal:
        try:
            address = self.journals().keep("fail_over", journal)
        except VertexDrError as exc:
            emit(Event.TRAFFIC_JOURNAL_LOST, severity="ERROR", service=journal.plan.service, error=str(exc))
            return msgspec.structs.replace(journal, problems=(*journal.problems, str(exc)))
        return msgspec.structs.replace(journal, journal=address)


def _guard(plan: FailoverPlan, stored: Stored) -> None:
    found = stored.selector
    if found.epoch == plan.epoch and found.active is plan.from_side:
        if found.hold is not None and plan.trigger is Trigger.OUTAGE:
            raise Refused(
                f"send {plan.service} from {plan.from_side} to {plan.to_side}",
                found=f"{found.hold.by} has held the selector since the plan was made: {found.hold.reason}",
                then=f"clear the hold, or fail over by hand with vertex-dr fail-over --to {plan.to_side}",
            )
        return
    tried = f"send {plan.service} from {plan.from_side} to {plan.to_side}"
    state = f"{found.changed_by} has made {found.active} active under epoch {found.epoch} ({found.reason})"
    if found.active is plan.to_side:
        raise FlipLost(tried, found=state, then="nothing is left to do; look at vertex-dr status")
    raise StaleEpoch(tried, found=f"{state}, after the plan was made at epoch {plan.epoch}", then="assess again")


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

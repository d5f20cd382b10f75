"""Phase 6: the primary region dies under load, and the selector flips once."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from drill.checks.flips import accepted_flips, journal_of
from drill.checks.holdings import holdings
from drill.evidence.samples import first_golden_at
from drill.sabotage import Sabotage
from vertex_dr.kernel.errors import VertexDrError
from vertex_dr.kernel.sides import Side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from drill.context import Drill
    from drill.evidence.records import Finding
    from vertex_dr.traffic.fail_over import FlipJournal
    from vertex_dr.traffic.records import Change

__all__ = ["Outage"]

_FLIP_WAIT_SECONDS = 30.0
_NO_FLIP_WAIT_SECONDS = 8.0
_JOURNAL_WAIT_SECONDS = 20.0
_POLL_SECONDS = 0.2


class Outage:
    """Connections refused, regional buckets and repositories included."""

    title = "the primary region dies"

    def run(self, drill: Drill) -> Iterator[Finding]:
        """Make it dark mid-load, wait for the flip and for the first golden answer of a first try."""
        book = drill.logbook
        region = drill.settings[Side.PRIMARY].own.region
        book.held = holdings(drill, drill.inventory(Side.PRIMARY))
        if drill.sabotage is Sabotage.SELECTOR_UNREACHABLE:
            drill.cloud.outage("global", "firestore")
        book.outage_at = drill.cloud.outage(region)
        drill.progress.say(f"{region} is dark", loudly=True)
        with drill.progress.step("probes, decision, flip"):
            problem = self._wait_for_flip(drill)
        yield drill.check(
            "selector-reachable",
            holds=not problem,
            expected="the selector can be read while a region is dark",
            found=problem or "it was read",
        )
        if problem:
            yield from self._second_tries(drill)
            return
        yield from self._flipped(drill)
        book.survived = {kind: set(held) for kind, held in holdings(drill, drill.inventory(Side.DR)).items()}

    def _wait_for_flip(self, drill: Drill) -> str:
        """Return why the selector could not be read at last, or an empty text when it could."""
        started = time.monotonic()
        is_suppressed = drill.sabotage is Sabotage.FLIP_SUPPRESSED
        wait_seconds = _NO_FLIP_WAIT_SECONDS if is_suppressed else _FLIP_WAIT_SECONDS
        problem = ""
        while time.monotonic() - started < wait_seconds:
            try:
                selector = drill.ports(Side.DR).selector.read()
            except VertexDrError as exc:
                problem = str(exc)
                if drill.sabotage is Sabotage.SELECTOR_UNREACHABLE:
                    break
            else:
                problem = ""
                seconds = time.monotonic() - started
                drill.progress.now(f"active side {selector.active}, epoch {selector.epoch}, {seconds:.0f} s")
                if selector.active is Side.DR:
                    break
            time.sleep(_POLL_SECONDS)
        return problem

    def _read_journal(self, drill: Drill, flip: Change) -> FlipJournal | None:
        """Note when the outage was detected and decided, and return the journal, which is kept after the flip."""
        started = time.monotonic()
        while time.monotonic() - started < _JOURNAL_WAIT_SECONDS:
            journal = journal_of(drill, flip, kept_by=Side.DR)
            if journal is not None:
                drill.logbook.detected_at = journal.plan.detected_at.timestamp()
                drill.logbook.decided_at = journal.plan.decided_at.timestamp()
                return journal
            time.sleep(_POLL_SECONDS)
        return None

    def _second_tries(self, drill: Drill) -> Iterator[Finding]:
        outage_at = drill.logbook.outage_at or 0.0
        drill.clients.wait(lambda seen: bool(seen) and seen[-1].at > outage_at + 2, timeout_seconds=10)
        after = [s for s in drill.clients.samples() if s.at > outage_at]
        failed = [s for s in after if s.error is not None]
        yield drill.check(
            "second-tries-answer",
            holds=bool(after) and not failed,
            expected="as long as nothing flips, second tries answer every client",
            found=f"{len(after) - len(failed)} of {len(after)} were answered",
        )

    def _flipped(self, drill: Drill) -> Iterator[Finding]:
        book = drill.logbook
        book.flips = accepted_flips(drill, Side.DR)
        selectors = [flip.selector for flip in book.flips]
        yield drill.check(
            "selector-flipped-once",
            holds=[selector.active for selector in selectors] == [Side.DR],
            expected="one flip to dr, with the next epoch",
            found="; ".join(f"epoch {s.epoch} to {s.active} by {s.changed_by}" for s in selectors) or "no flip",
        )
        yield from self._second_tries(drill)
        if not book.flips:
            return
        book.flipped_at = selectors[0].changed_at.timestamp()
        drill.progress.span("flip to dr", "moment", book.flipped_at, book.flipped_at)
        with drill.progress.step("clients follow"):
            flipped_at = book.flipped_at
            drill.clients.wait(
                lambda seen: first_golden_at(seen, side=Side.DR, after=flipped_at) is not None, timeout_seconds=15
            )
            book.recovered_at = first_golden_at(drill.clients.samples(), side=Side.DR, after=flipped_at)
        journal = self._read_journal(drill, book.flips[0])
        yield drill.check(
            "flip-journal-kept",
            holds=journal is not None and not journal.problems,
            expected="the flip's journal is in dr's staging bucket, and nothing went wrong after the flip",
            found="no journal" if journal is None else "; ".join(journal.problems) or "kept, without a problem",
        )
        copies = drill.ports(Side.DR).copies.states()
        yield drill.check(
            "copies-hold-the-epoch",
            holds=all(copy.selector is not None and copy.selector.epoch == selectors[0].epoch for copy in copies),
            expected=f"every place of copies holds epoch {selectors[0].epoch}",
            found="; ".join(f"{c.place}: {c.selector.epoch if c.selector else c.problem or 'none'}" for c in copies),
        )
        yield drill.check(
            "first-tries-golden-on-dr",
            holds=book.recovered_at is not None,
            expected="a client's first try gets a golden answer from dr",
            found="none did" if book.recovered_at is None
            else f"{book.recovered_at - (book.outage_at or 0):.2f} s after the outage",
        )  # fmt: skip

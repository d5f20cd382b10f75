"""The selector's accepted flips, and the journals that their functions kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vertex_dr.kernel.journal import journal_folder
from vertex_dr.kernel.records import from_json
from vertex_dr.traffic.fail_over import FlipJournal

if TYPE_CHECKING:
    from drill.context import Drill
    from vertex_dr.kernel.sides import Side
    from vertex_dr.traffic.records import Change

__all__ = ["accepted_flips", "journal_of"]


def accepted_flips(drill: Drill, seen_from: Side) -> list[Change]:
    """Return every accepted flip, oldest first; the selector's creation is none. Raises Unreachable."""
    return [change for change in drill.ports(seen_from).selector.changes() if change.from_side is not None]


def journal_of(drill: Drill, flip: Change, *, kept_by: Side) -> FlipJournal | None:
    """Return the flip's journal, or None while that side's fail_over has not written it. Raises Unreachable."""
    store = drill.ports(kept_by).artifacts
    prefix = f"gs://{drill.settings[kept_by].own.staging_bucket}/{journal_folder('fail_over')}"
    for name in store.files(prefix):
        journal = from_json(FlipJournal, store.read(prefix + name), source=prefix + name)
        if journal.flip_id == flip.flip_id:
            return journal
    return None

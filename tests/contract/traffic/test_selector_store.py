from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from tests.traffic.samples import NOW, change, selector
from vertex_dr.kernel.errors import DamagedRecord, FlipLost, NotFound, Unreachable
from vertex_dr.kernel.sides import Side
from vertex_dr.traffic.fail_over import flip, next_epoch
from vertex_dr.traffic.records import Change, HoldNote, Stored

if TYPE_CHECKING:
    from tests.contract.traffic.project import TrafficProject
    from vertex_dr.traffic.ports import SelectorStore
    from vertex_dr.wiring.google_ports import GooglePorts

RACERS, RACES = 6, 5


@pytest.fixture
def store(ports: Any) -> SelectorStore:
    return ports.selector


def test_readers_see_the_selector_as_it_was_written_last(ports: Any) -> None:
    with pytest.raises(NotFound):
        ports.selector_reader.read()
    ports.selector.create(change())
    ports.selector.commit(change(epoch=2, active="dr"), replaces=ports.selector.stored())

    assert ports.selector_reader.read() == selector(epoch=2, active="dr")


def test_a_selector_that_nobody_created_is_not_found(store: SelectorStore) -> None:
    with pytest.raises(NotFound):
        store.read()


def test_a_created_selector_is_read_back_with_its_change(store: SelectorStore) -> None:
    store.create(change())

    assert store.read() == selector()
    assert store.change(1) == change()
    assert store.change(2) is None


def test_the_second_creator_is_refused(store: SelectorStore) -> None:
    store.create(change(flip_id="first"))

    with pytest.raises(FlipLost):
        store.create(change(flip_id="second"))

    assert store.change(1) == change(flip_id="first")


def test_a_commit_replaces_the_selector_and_keeps_its_change(store: SelectorStore) -> None:
    store.create(change())

    store.commit(change(epoch=2, active="dr", flip_id="second"), replaces=store.stored())

    assert store.read() == selector(epoch=2, active="dr")
    assert store.change(2) == change(epoch=2, active="dr", flip_id="second")


def test_a_commit_of_an_older_reading_writes_nothing(store: SelectorStore) -> None:
    store.create(change())
    older = store.stored()
    store.commit(change(epoch=2, active="dr"), replaces=older)

    with pytest.raises(FlipLost):
        store.commit(change(epoch=3, active="primary"), replaces=older)

    assert store.read().epoch == 2
    assert store.change(3) is None


def test_a_commit_of_a_taken_epoch_writes_nothing(store: SelectorStore) -> None:
    store.create(change())

    with pytest.raises(FlipLost):
        store.commit(change(epoch=1, active="dr", flip_id="again"), replaces=store.stored())

    assert store.read() == selector()
    assert store.change(1) == change()


def test_an_amendment_stays_within_its_epoch(store: SelectorStore) -> None:
    store.create(change())
    held = msgspec.structs.replace(selector(), hold=HoldNote(by="operator", at=NOW, reason="maintenance"))

    store.amend(held, replaces=store.stored())

    assert store.read() == held


def test_an_amendment_of_an_older_reading_is_refused(store: SelectorStore) -> None:
    store.create(change())
    older = store.stored()
    store.commit(change(epoch=2, active="dr"), replaces=older)

    with pytest.raises(FlipLost):
        store.amend(selector(), replaces=older)

    assert store.read().active is Side.DR


def test_of_flips_at_once_exactly_one_wins_and_the_others_are_told_at_once(store: SelectorStore) -> None:
    store.create(change())
    winners = []
    for race in range(RACES):
        before, start = store.stored(), threading.Barrier(RACERS)
        outcomes: list[Any] = []

        def race_on(
            racer: int,
            before: Stored = before,
            start: threading.Barrier = start,
            outcomes: list[Any] = outcomes,
            race: int = race,
        ) -> None:
            start.wait()
            flip_id, to, epoch = f"{race}-{racer}", before.selector.active.other, next_epoch(before.selector, ())
            try:
                flip(store, before, to=to, epoch=epoch, flip_id=flip_id, by=flip_id, reason="race", at=NOW)
                outcomes.append(flip_id)
            except FlipLost as refusal:
                outcomes.append(refusal)

        racers = [threading.Thread(target=race_on, args=(number,)) for number in range(RACERS)]
        for racer in racers:
            racer.start()
        for racer in racers:
            racer.join()
        won = [outcome for outcome in outcomes if isinstance(outcome, str)]
        lost = [outcome for outcome in outcomes if isinstance(outcome, FlipLost)]
        assert (len(won), len(lost)) == (1, RACERS - 1), outcomes
        assert all(f"{won[0]} flipped first" in str(one) for one in lost)
        winners += won

    assert store.read().epoch == 1 + RACES
    kept = [store.change(epoch) for epoch in range(2, 2 + RACES)]
    assert [one.flip_id for one in kept if one] == winners


@pytest.mark.parametrize("field", ["schema", "epoch", "active", "sides", "phase", "hold", "changed_at", "reason"])
def test_a_document_with_a_field_missing_is_named(google: GooglePorts, field: str) -> None:
    plain = msgspec.to_builtins(selector())
    del plain[field]
    google._documents.put({f"selectors/{google.settings.service}": plain})

    with pytest.raises(DamagedRecord, match=rf"missing required field `{field}`; put the field back .* or delete"):
        google.selector.read()


def test_a_document_with_a_side_missing_is_named(google: GooglePorts) -> None:
    plain = msgspec.to_builtins(selector())
    del plain["sides"]["dr"]
    google._documents.put({f"selectors/{google.settings.service}": plain})

    with pytest.raises(DamagedRecord, match=r"missing required field `dr` - at `\$\.sides`"):
        google.selector.read()


def test_changes_come_by_epoch(google: GooglePorts) -> None:
    store = google.selector
    store.create(change())
    for epoch in range(2, 12):
        store.commit(
            Change(flip_id=f"f{epoch}", from_side=None, selector=selector(epoch=epoch)), replaces=store.stored()
        )

    assert [one.selector.epoch for one in store.changes()] == list(range(1, 12))


def test_a_dark_firestore_is_unreachable(google: GooglePorts, project: TrafficProject) -> None:
    store = google.selector
    store.create(change())
    project.admin("outage", region="global", api="firestore")

    with pytest.raises(Unreachable):
        store.read()

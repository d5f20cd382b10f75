"""Policies: etags, grants that take time, members that are renamed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from localcloud.core.authorization.policies import Policies
from localcloud.core.errors import ApiError
from localcloud.core.store import Store
from localcloud.iam.resources import Holder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

API, NAME = "cloudresourcemanager", "projects/demo"
HOLDER = Holder(API, NAME)
ANNA, BEN = "user:anna@demo.test", "user:ben@demo.test"


class Clock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "resources.sqlite")
    opened.open()
    yield opened
    opened.close()


def viewers(policies: Policies) -> set[str]:
    return {member for binding in policies.effective(HOLDER).bindings for member in binding.members}


def written(*members: str) -> dict[str, object]:
    return {"bindings": [{"role": "roles/viewer", "members": list(members)}]}


def test_without_a_delay_a_change_holds_at_once(store: Store) -> None:
    policies = Policies(store)
    policies.set(API, NAME, written(ANNA))
    first = viewers(policies)
    policies.set(API, NAME, written(BEN))

    assert (first, viewers(policies)) == ({ANNA}, {BEN})


def test_a_grant_and_its_removal_take_their_time_and_are_read_back_at_once(store: Store) -> None:
    clock = Clock()
    policies = Policies(store, delay_seconds=20, clock=clock)
    policies.set(API, NAME, written(ANNA))
    read, at_first = policies.get(API, NAME)["bindings"], viewers(policies)
    clock.now += 15
    policies.set(API, NAME, written(ANNA, BEN))
    clock.now += 6
    after_21_seconds = viewers(policies)
    policies.set(API, NAME, {})
    clock.now += 15
    after_36_seconds = viewers(policies)
    clock.now += 6

    assert read == written(ANNA)["bindings"]
    assert at_first == set()
    assert after_21_seconds == {ANNA}
    assert after_36_seconds == {ANNA, BEN}
    assert viewers(policies) == set()


def test_a_delayed_grant_goes_on_waiting_over_a_restart(store: Store) -> None:
    clock = Clock()
    Policies(store, delay_seconds=20, clock=clock).set(API, NAME, written(ANNA))
    restarted = Policies(store, delay_seconds=20, clock=clock)
    clock.now += 19
    before = viewers(restarted)
    clock.now += 2

    assert (before, viewers(restarted)) == (set(), {ANNA})


def test_what_google_grants_by_itself_holds_at_once(store: Store) -> None:
    policies = Policies(store, delay_seconds=20, clock=Clock())
    policies.grant(API, NAME, "roles/owner", ANNA)
    policies.grant(API, NAME, "roles/owner", ANNA)
    policies.grant(API, NAME, "roles/owner", BEN)

    assert policies.get(API, NAME)["bindings"] == [{"role": "roles/owner", "members": [ANNA, BEN]}]
    assert viewers(policies) == {ANNA, BEN}


def test_a_stale_etag_is_refused_and_changes_nothing(store: Store) -> None:
    policies = Policies(store)
    stale = policies.set(API, NAME, written(ANNA))
    policies.set(API, NAME, written(BEN))

    with pytest.raises(ApiError, match="concurrent policy changes") as refused:
        policies.set(API, NAME, {**written(ANNA), "etag": stale["etag"]})

    assert refused.value.code == 409
    assert viewers(policies) == {BEN}


def test_a_member_is_renamed_wherever_it_stands(store: Store) -> None:
    policies = Policies(store)
    policies.set(API, NAME, written(ANNA, BEN))
    policies.set("storage", "b/vdr", written(ANNA))
    policies.rename_member(ANNA, f"deleted:{ANNA}?uid=1")

    assert viewers(policies) == {f"deleted:{ANNA}?uid=1", BEN}
    assert policies.get("storage", "b/vdr")["bindings"][0]["members"] == [f"deleted:{ANNA}?uid=1"]


def test_a_binding_without_members_is_none(store: Store) -> None:
    policies = Policies(store)
    policies.set(API, NAME, {"bindings": [{"role": "roles/viewer", "members": []}, {"role": "roles/owner"}]})

    assert "bindings" not in policies.get(API, NAME)

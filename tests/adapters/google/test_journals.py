"""A journal whose first try loses its answer is kept once and is no error."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import stamina
from google.api_core import exceptions

from tests.memory.traffic import Numbers, Time
from tests.replication.world import NOW, settings_of
from vertex_dr.adapters.google.storage.journals import StorageJournals
from vertex_dr.kernel.errors import Refused, Unreachable
from vertex_dr.kernel.sides import Side

if TYPE_CHECKING:
    from collections.abc import Iterator

ADDRESS = "gs://staging/journals/fail_over/20260101T123000.000000Z-7.json"


@pytest.fixture(autouse=True)
def no_waiting() -> Iterator[None]:
    stamina.set_testing(True, attempts=3)
    yield
    stamina.set_testing(False)


class ScriptedBucket:
    """A bucket whose writes end as scripted; it notes under which name, and on which condition, they came."""

    def __init__(self, *ends: Exception | None) -> None:
        self.ends = list(ends)
        self.writes: list[tuple[str, int]] = []

    def blob(self, name: str) -> Any:
        return SimpleNamespace(upload_from_string=lambda _, **options: self._write(name, options))

    def _write(self, name: str, options: dict[str, Any]) -> None:
        self.writes.append((name, options["if_generation_match"]))
        end = self.ends.pop(0)
        if end is not None:
            raise end


def _refused(reason: str) -> Exception:
    return exceptions.PreconditionFailed("refused", errors=[{"reason": reason, "message": "as Google says it"}])


def journals(bucket: ScriptedBucket) -> StorageJournals:
    clients: Any = SimpleNamespace(storage=lambda: SimpleNamespace(bucket=lambda _: bucket))
    return StorageJournals(clients=clients, bucket="staging", clock=Time(NOW), new_id=Numbers("7"))


def test_an_earlier_try_that_lost_its_answer_has_kept_the_journal() -> None:
    bucket = ScriptedBucket(exceptions.ServiceUnavailable("down"), _refused("conditionNotMet"))

    assert journals(bucket).keep("fail_over", settings_of(Side.DR)) == ADDRESS
    assert bucket.writes == [(ADDRESS.removeprefix("gs://staging/"), 0)] * 2


def test_a_bucket_that_stays_dark_says_where_the_journal_can_be_had() -> None:
    bucket = ScriptedBucket(*[exceptions.ServiceUnavailable("down")] * 3)

    with pytest.raises(Unreachable, match="copy it from the function's log"):
        journals(bucket).keep("fail_over", settings_of(Side.DR))


def test_a_bucket_that_refuses_for_another_reason_has_kept_nothing() -> None:
    bucket = ScriptedBucket(_refused("orgPolicyConstraintFailed"))

    with pytest.raises(Refused, match="keep the journal"):
        journals(bucket).keep("fail_over", settings_of(Side.DR))

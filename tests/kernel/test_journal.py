from __future__ import annotations

from datetime import UTC, datetime, timedelta

from vertex_dr.kernel.journal import journal_folder, journal_name

AT = datetime(2026, 1, 1, 12, 30, tzinfo=UTC)


def test_a_journal_lies_in_its_entry_points_folder_under_its_time_and_its_id() -> None:
    name = journal_name("export_models", kept_at=AT, journal_id="7f")

    assert name == "journals/export_models/20260101T123000.000000Z-7f.json"
    assert name.startswith(journal_folder("export_models"))


def test_journals_sort_by_time() -> None:
    instants = [AT, AT + timedelta(microseconds=1), AT + timedelta(seconds=1), AT + timedelta(days=40)]

    names = [journal_name("fail_over", kept_at=at, journal_id="f") for at in instants]

    assert names == sorted(names)

"""When jobs fire, told by a clock of the test's own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from localcloud.core.errors import ApiError
from localcloud.services.cloudscheduler.attempt import status_of
from localcloud.services.cloudscheduler.cron import next_time

CODES = {400: 3, 401: 16, 403: 7, 404: 5, 409: 10, 418: 9, 429: 8, 500: 13, 503: 14, 504: 4}


@pytest.mark.parametrize(
    ("schedule", "zone", "after", "expected"),
    [
        ("* * * * *", "Etc/UTC", "2026-01-05T10:00:30+00:00", "2026-01-05T10:01:00+00:00"),
        ("0 6 * * 1", "Etc/UTC", "2026-01-05T10:00:00+00:00", "2026-01-12T06:00:00+00:00"),
        ("0 6 * * *", "Europe/Berlin", "2026-01-05T10:00:00+00:00", "2026-01-06T05:00:00+00:00"),
        ("0 6 * * *", "Europe/Berlin", "2026-07-05T10:00:00+00:00", "2026-07-06T04:00:00+00:00"),
        ("0 6 * * *", "", "2026-07-05T10:00:00+00:00", "2026-07-06T06:00:00+00:00"),
    ],
    ids=["each minute", "each monday", "in winter", "in summer", "UTC by default"],
)
def test_next_time_follows_the_zone_of_the_job(schedule: str, zone: str, after: str, expected: str) -> None:
    found = next_time(schedule, zone, after=datetime.fromisoformat(after))

    assert found == datetime.fromisoformat(expected)
    assert found.tzinfo is UTC


def test_schedule_that_is_no_cron_line_is_refused() -> None:
    with pytest.raises(ApiError, match="not in unix-cron format"):
        next_time("sometimes", "Etc/UTC", after=datetime(2026, 1, 5, tzinfo=UTC))


@pytest.mark.parametrize(("http_status", "code"), CODES.items())
def test_http_answer_becomes_the_status_of_the_attempt(http_status: int, code: int) -> None:
    assert status_of(http_status) == {"code": code}


def test_answer_of_success_leaves_an_empty_status() -> None:
    assert [status_of(code) for code in (200, 204, 299)] == [{}, {}, {}]

"""When a cron schedule fires."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from croniter import CroniterError, croniter

from localcloud.core.errors import ApiError

__all__ = ["next_time"]


def next_time(schedule: str, time_zone: str, *, after: datetime) -> datetime:
    """Return the first time after `after` (in UTC) that the schedule names in its zone. Raises ApiError 400."""
    try:
        zone = ZoneInfo(time_zone or "Etc/UTC")
    except (ZoneInfoNotFoundError, ValueError):
        raise ApiError.invalid(f"Job time zone {time_zone!r} is unknown; name one of the tz database") from None
    try:
        upcoming: Any = croniter(schedule, after.astimezone(zone)).get_next(datetime)
    except (CroniterError, ValueError) as exc:
        raise ApiError.invalid(f"Schedule {schedule!r} is not in unix-cron format: {exc}") from exc
    found: datetime = upcoming
    return found.astimezone(UTC)

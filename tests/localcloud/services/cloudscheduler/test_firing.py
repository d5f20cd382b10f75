"""Cron fires what is due, told the time by the test."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest
from aiohttp import web

from localcloud.core.cloud import Cloud
from localcloud.core.config import Config
from localcloud.core.faults.switches import Switch
from localcloud.front.access_log import AccessLog
from localcloud.front.listeners import Listeners
from localcloud.services.cloudscheduler.service import CloudScheduler

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from localcloud.core.addresses.hosts import Destination

NAME = "projects/demo/locations/europe-west4/jobs/job"
DUE = datetime(2026, 1, 5, 6, tzinfo=UTC)


@dataclass
class Target:
    """What answers at every host of the cloud."""

    uri: str = "https://target-123456789012.europe-west4.run.app/"
    answer: int = 200
    asked: list[dict[str, str]] = field(default_factory=list)

    async def respond(self, request: web.Request, _destination: Destination) -> web.Response:
        self.asked.append(dict(request.headers))
        return web.Response(status=self.answer)


@pytest.fixture
def target() -> Target:
    return Target()


@pytest.fixture
async def scheduler(tmp_path: Path, target: Target) -> AsyncIterator[CloudScheduler]:
    settings = {"port_base": 0, "scheduler": "manual", "emulators": False}
    cloud = Cloud(Config(state_dir=tmp_path, cache_dir=tmp_path, **settings))
    cloud.ports.reserve()
    cloud.open()
    listeners = Listeners(cloud, cast("Any", target), AccessLog(tmp_path / "access.jsonl"), cast("Any", None))
    await listeners.open()
    service = CloudScheduler(cloud)
    await service.start()
    yield service
    await service.stop()
    await listeners.close()
    await cloud.close()
    cloud.ports.release()


def keep(scheduler: CloudScheduler, target: Target, **fields: Any) -> None:
    job = {"name": NAME, "schedule": "0 6 * * *", "state": "ENABLED", "scheduleTime": DUE.isoformat()}
    scheduler.cloud.store.put(scheduler.api, NAME, {**job, "httpTarget": {"uri": target.uri}, **fields})


def kept(scheduler: CloudScheduler) -> dict[str, Any]:
    return cast("dict[str, Any]", scheduler.cloud.store.require(scheduler.api, NAME))


async def test_due_job_fires_once_and_waits_for_its_next_time(scheduler: CloudScheduler, target: Target) -> None:
    keep(scheduler, target)
    for seconds in (-1, 0, 1):
        scheduler.fire_due(DUE + timedelta(seconds=seconds))
    await scheduler.idle()

    assert [one["X-CloudScheduler-ScheduleTime"] for one in target.asked] == [DUE.isoformat()]
    assert kept(scheduler)["scheduleTime"] == "2026-01-06T06:00:00.000000Z"
    assert kept(scheduler)["status"] == {}


async def test_paused_job_does_not_fire(scheduler: CloudScheduler, target: Target) -> None:
    keep(scheduler, target, state="PAUSED")
    scheduler.fire_due(DUE)
    await scheduler.idle()

    assert target.asked == []


async def test_job_of_a_dark_region_does_not_fire_and_its_time_passes(
    scheduler: CloudScheduler, target: Target
) -> None:
    keep(scheduler, target)
    scheduler.cloud.switches.throw(Switch(region="europe-west4"))
    scheduler.fire_due(DUE)
    scheduler.cloud.switches.heal("europe-west4")
    scheduler.fire_due(DUE + timedelta(seconds=5))
    await scheduler.idle()

    assert target.asked == []
    assert kept(scheduler)["scheduleTime"] == "2026-01-06T06:00:00.000000Z"


async def test_time_that_passed_while_the_cloud_was_down_is_not_made_up_for(
    scheduler: CloudScheduler, target: Target
) -> None:
    keep(scheduler, target)
    scheduler.fire_due(DUE + timedelta(hours=3))
    await scheduler.idle()

    assert target.asked == []


async def test_failed_attempt_is_repeated_as_the_job_says(scheduler: CloudScheduler, target: Target) -> None:
    target.answer = 503
    keep(scheduler, target, retryConfig={"retryCount": 2, "minBackoffDuration": "0.01s"})
    scheduler.fire_due(DUE)
    await scheduler.idle()

    assert len(target.asked) == 3
    assert kept(scheduler)["status"] == {"code": 14}


async def test_job_that_was_deleted_during_its_attempt_stays_deleted(scheduler: CloudScheduler, target: Target) -> None:
    keep(scheduler, target)
    scheduler.fire_due(DUE)
    scheduler.cloud.store.delete(scheduler.api, NAME)
    await scheduler.idle()

    assert scheduler.cloud.store.get(scheduler.api, NAME) is None

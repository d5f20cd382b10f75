"""Cloud Scheduler: jobs that call HTTP targets when their schedule, or somebody, says so."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from localcloud.core.clock import now
from localcloud.core.errors import ApiError
from localcloud.core.service import Service, fills, handles
from localcloud.runtime.forwarding import new_session
from localcloud.services.cloudscheduler.attempt import attempt
from localcloud.services.cloudscheduler.cron import next_time

if TYPE_CHECKING:
    import aiohttp

    from localcloud.core.call import Call
    from localcloud.core.cloud import Cloud

_LONGEST_SLEEP_SECONDS = 30.0
_LATE_SECONDS = 60.0


class CloudScheduler(Service):
    """`lastAttemptTime` and `status` change together, when an attempt has ended."""

    api: ClassVar[str] = "cloudscheduler"
    differences: ClassVar[tuple[str, ...]] = (
        "jobs with Pub/Sub or App Engine targets are data: their attempts end with code 12",
        "a time that passed while localcloud was down is not made up for",
    )

    def __init__(self, cloud: Cloud) -> None:
        super().__init__(cloud)
        self._session: aiohttp.ClientSession | None = None
        self._ticking: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()
        self._attempts: dict[asyncio.Task[None], str] = {}

    async def start(self) -> None:
        """Fire jobs at their times from now on, unless the cloud was started with a manual scheduler."""
        self._session = new_session(keep_alive=False, trust=self.cloud.authority.trust())
        for name, job in self.cloud.store.under(self.api, ""):
            if job.get("state") == "ENABLED":
                self.cloud.store.put(self.api, name, _scheduled(job, datetime.now(UTC)))
        if self.cloud.config.scheduler == "cron":
            self._ticking = asyncio.create_task(self._tick())

    async def stop(self) -> None:
        """Fire nothing any more; attempts under way are dropped. Repeating is safe."""
        tasks = [*self._attempts, *([self._ticking] if self._ticking else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def region_dark(self, region: str) -> None:
        """Drop the region's attempts under way; its jobs fire again after the healing."""
        if self.cloud.switches.is_dark(region, self.api):
            for task, name in self._attempts.items():
                if f"/locations/{region}/" in name:
                    task.cancel()

    @fills("projects.locations.jobs")
    def fill_job(self, _call: Call, job: dict[str, Any], old: dict[str, Any] | None) -> None:
        """Check the schedule and fill what Google fills, but never retryConfig nor httpTarget.httpMethod."""
        job["state"] = old["state"] if old else "ENABLED"
        job["userUpdateTime"] = now()
        if "pubsubTarget" not in job:
            job.setdefault("attemptDeadline", "180s")
        if target := job.get("httpTarget"):
            target.setdefault("headers", {}).setdefault("User-Agent", "Google-Cloud-Scheduler")
        job |= _scheduled(job, datetime.now(UTC))
        self._changed.set()

    @handles("projects.locations.jobs.pause")
    def pause(self, call: Call) -> dict[str, Any]:
        """Keep the job from firing by itself; repeating is safe."""
        return self._set_state(call.name, "PAUSED")

    @handles("projects.locations.jobs.resume")
    def resume(self, call: Call) -> dict[str, Any]:
        """Let the job fire at its next time; repeating is safe."""
        return self._set_state(call.name, "ENABLED")

    @handles("projects.locations.jobs.run")
    async def run(self, call: Call) -> dict[str, Any]:
        """Start an attempt now, also of a paused job, and return the job without waiting for the end."""
        job = self.cloud.store.require(self.api, call.name)
        self._fire(job, scheduled=None)
        return job

    def fire_due(self, moment: datetime) -> None:
        """Start an attempt of every enabled job whose time has come, and set its next time."""
        for name, job in self.cloud.store.under(self.api, ""):
            due = _time(job.get("scheduleTime"))
            if job.get("state") != "ENABLED" or due is None or due > moment:
                continue
            self.cloud.store.put(self.api, name, _scheduled(job, moment))
            is_late = (moment - due).total_seconds() > _LATE_SECONDS
            is_dark = self.cloud.switches.is_dark(name.split("/")[3], self.api)
            if not is_late and not is_dark and name not in self._attempts.values():
                self._fire(job, scheduled=job["scheduleTime"])

    async def idle(self) -> None:
        """Return when no attempt is under way."""
        while self._attempts:
            await asyncio.wait(list(self._attempts))

    async def _tick(self) -> None:
        while True:
            self._changed.clear()
            moment = datetime.now(UTC)
            self.fire_due(moment)
            enabled = [job for _, job in self.cloud.store.under(self.api, "") if job.get("state") == "ENABLED"]
            waits = [(time - moment).total_seconds() for job in enabled if (time := _time(job.get("scheduleTime")))]
            seconds = min(waits, default=_LONGEST_SLEEP_SECONDS)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), min(max(seconds, 0.05), _LONGEST_SLEEP_SECONDS))

    def _set_state(self, name: str, state: str) -> dict[str, Any]:
        job = self.cloud.store.require(self.api, name)
        if job["state"] != state:
            job = _scheduled(job | {"state": state}, datetime.now(UTC))
            self.cloud.store.put(self.api, name, job)
            self._changed.set()
        return job

    def _fire(self, job: dict[str, Any], *, scheduled: str | None) -> None:
        task = asyncio.create_task(self._attempt(job, scheduled))
        self._attempts[task] = job["name"]
        task.add_done_callback(self._attempts.pop)

    async def _attempt(self, job: dict[str, Any], scheduled: str | None) -> None:
        retry = job.get("retryConfig", {})
        pause_seconds = float(retry.get("minBackoffDuration", "5s").rstrip("s"))
        longest = float(retry.get("maxBackoffDuration", "3600s").rstrip("s"))
        for left in range(int(retry.get("retryCount", 0)), -1, -1):
            started = now()
            assert self._session is not None  # noqa: S101 - start() has made it
            status = await attempt(self._session, self.cloud, job, scheduled=scheduled)
            present = self.cloud.store.get(self.api, job["name"])
            if present is not None:
                self.cloud.store.put(self.api, job["name"], present | {"lastAttemptTime": started, "status": status})
            if not status or not left:
                return
            await asyncio.sleep(pause_seconds)
            pause_seconds = min(pause_seconds * 2, longest)


def _scheduled(job: dict[str, Any], moment: datetime) -> dict[str, Any]:
    """Return the job with its next time, or without one while it is paused. Raises ApiError 400."""
    if not job.get("schedule"):
        raise ApiError.invalid(f"Job {job.get('name')} has no schedule; give one in unix-cron format")
    following = next_time(job["schedule"], job.get("timeZone", ""), after=moment)
    rest = {key: value for key, value in job.items() if key != "scheduleTime"}
    return rest | ({"scheduleTime": following.strftime("%Y-%m-%dT%H:%M:%S.%fZ")} if job["state"] == "ENABLED" else {})


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None

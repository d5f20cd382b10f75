"""Cloud Scheduler's jobs, started by hand."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from vertex_dr.adapters.google.errors import translated
from vertex_dr.kernel.errors import Unreachable
from vertex_dr.kernel.records import Record

if TYPE_CHECKING:
    from vertex_dr.kernel.settings import Settings

__all__ = ["JobAttempt", "SchedulerJobs"]

_POLL_SECONDS = 0.1
_OK = 0


class JobAttempt(Record, frozen=True, kw_only=True):
    """How one run of a job ended: code 0 is well; seconds is how long the caller waited."""

    code: int
    message: str
    seconds: float


class SchedulerJobs:
    """The jobs of every region of one project."""

    def __init__(self, settings: Settings) -> None:
        self._project = settings.project
        self._clients: dict[str, Any] = {}

    def run(self, job: str, *, region: str, timeout_seconds: float = 90) -> JobAttempt:
        """Start the job now and return how its attempt ended. Raises Unreachable when none ended in time."""
        client, name = self._client(region), self._name(job, region)
        before = client.get_job(name=name).last_attempt_time
        started = time.monotonic()
        with translated(f"run the job {name}"):
            client.run_job(name=name)
        while time.monotonic() - started < timeout_seconds:
            found = client.get_job(name=name)
            if found.last_attempt_time != before:
                return JobAttempt(
                    code=int(found.status.code),
                    message=str(found.status.message) or ("well" if found.status.code == _OK else "no message"),
                    seconds=round(time.monotonic() - started, 2),
                )
            time.sleep(_POLL_SECONDS)
        raise Unreachable(
            f"run the job {name}",
            found=f"no attempt of it ended within {timeout_seconds:.0f} s",
            then="read the logs of the function that it calls",
        )

    def start(self, job: str, *, region: str) -> None:
        """Start the job now and return at once."""
        name = self._name(job, region)
        with translated(f"start the job {name}"):
            self._client(region).run_job(name=name)

    def _name(self, job: str, region: str) -> str:
        return f"projects/{self._project}/locations/{region}/jobs/{job}"

    def _client(self, region: str) -> Any:
        if region not in self._clients:
            from google.cloud import scheduler_v1  # noqa: PLC0415 - only who runs jobs pays for it

            self._clients[region] = scheduler_v1.CloudSchedulerClient(transport="rest")
        return self._clients[region]

"""What every phase of one drill works with."""

from __future__ import annotations

import os
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from typing import IO, TYPE_CHECKING, Any, TypeVar

from drill.checkpoint import Registered
from drill.evidence.findings import check
from drill.evidence.logbook import Logbook
from drill.machines.scheduler_jobs import SchedulerJobs
from drill.machines.sdk_user import SdkUser
from drill.machines.terraform import Environment
from vertex_dr.kernel.sides import Side
from vertex_dr.wiring.entry_points import Capabilities
from vertex_dr.wiring.google_ports import GooglePorts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from drill.evidence.records import Finding
    from drill.machines.cloud import LocalCloud
    from drill.machines.load import Load
    from drill.machines.probing import Probing
    from drill.machines.processes import Processes
    from drill.machines.provider import Provider
    from drill.progress import Progress
    from drill.sabotage import Sabotage
    from preflight.records import PreflightReport
    from vertex_dr.kernel.settings import Settings
    from vertex_dr.replication.records import Inventory

__all__ = ["Drill"]

T = TypeVar("T")


@dataclass
class Drill:
    """One drill: where it works, what it was asked, what it has made so far."""

    root: Path
    folder: Path
    progress: Progress
    processes: Processes
    cloud: LocalCloud
    provider: Provider
    wanted_predictions: int
    lock: IO[str]  # held as long as the drill lives
    sabotage: Sabotage | None = None
    phases_done: int = 0  # by the drill that made the checkpoint
    is_kept: bool = False
    logbook: Logbook = field(default_factory=Logbook)
    workers: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(8, "drill"))
    registered: Registered = field(default_factory=Registered)
    settings: dict[Side, Settings] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    training: Future[None] | None = None
    sdk: Future[None] | None = None
    load: Load | None = None
    probing: Probing | None = None
    phase: str = ""
    preflight: PreflightReport | None = None

    @property
    def is_resumed(self) -> bool:
        """Return whether the drill goes on from a checkpoint."""
        return self.phases_done > 0

    @property
    def trained(self) -> Path:
        """Return the folder with every trained version."""
        return self.folder / "training"

    @property
    def sources(self) -> Path:
        """Return this drill's copy of terraform/, free of the lock files that other runs left there."""
        return self.folder / "terraform" / "sources"

    @property
    def clients(self) -> Load:
        """Return the running application; the phase before the outage starts it."""
        assert self.load is not None  # noqa: S101 - phases run in their order
        return self.load

    @cached_property
    def user(self) -> SdkUser:
        """Return the data scientist with Google's SDK; there are settings once Terraform has provisioned."""
        return SdkUser(self.settings[Side.PRIMARY])

    @cached_property
    def jobs(self) -> SchedulerJobs:
        """Return Cloud Scheduler's jobs; there are settings once Terraform has provisioned."""
        return SchedulerJobs(self.settings[Side.PRIMARY])

    def ports(self, side: Side) -> GooglePorts:
        """Return vertex-dr's ports on the side, new ones each time: no connection outlives an outage."""
        return GooglePorts(self.settings[side])

    def capabilities(self, side: Side) -> Capabilities:
        """Return what vertex-dr can do on the side, as an operator's commands have it."""
        return Capabilities(self.settings[side], self.ports(side))

    def inventory(self, side: Side) -> Inventory:
        """Return what the side holds now. Raises Unreachable."""
        return self.capabilities(side).replication.observer(side).observe()

    def reach(self, environment: Mapping[str, str]) -> None:
        """Let this process and all that it starts find the cloud; Google's libraries look into the process's own."""
        os.environ.update(environment)
        self.environment = dict(environment)

    @property
    def operator_environment(self) -> dict[str, str]:
        """Return the variables of an operator's or an application's shell: the cloud's, and primary's settings."""
        return {**self.environment, **self.outputs["primary"]["settings"]}

    def terraform(self, name: str) -> Environment:
        """Return the environment of that name below terraform/envs."""
        return Environment(
            name,
            self.sources / "envs" / name,
            data=self.folder / "terraform" / "data" / name,
            variables={"bundle": str(self.root / "build" / "bundle.zip")} if name != "global" else {},
            environment={**self.environment, **self.provider.environment},
            processes=self.processes,
            results=self.logbook.terraform,
        )

    def check(self, name: str, *, holds: bool, expected: str, found: str) -> Finding:
        """Return the finding of a check in the running phase."""
        return check(name, holds=holds, expected=expected, found=found, phase=self.phase)

    def together(self, *works: Callable[[], T]) -> list[T]:
        """Do the works side by side and return their results in order; raises the first error once all have ended."""
        futures = [self.workers.submit(work) for work in works]
        for future in futures:
            future.exception()
        return [future.result() for future in futures]

    def job(self, entry_point: str, side: Side, *, expects_refusal: bool = False) -> Finding:
        """Run a scheduled function of the side through its job, and return the finding how its attempt ended."""
        dashed = entry_point.replace("_", "-")
        region = self.settings[side].own.region
        with self.progress.step(f"{dashed} on {side}"):
            attempt = self.jobs.run(f"vdr-{dashed}", region=region)
        holds = (attempt.code != 0) if expects_refusal else (attempt.code == 0)
        found = f"code {attempt.code}: {attempt.message}, after {attempt.seconds} s"
        if not holds:
            found += self._last_words(f"vdr-{dashed}")
        return self.check(
            f"{dashed}-{'refused' if expects_refusal else 'runs'}-on-{side}",
            holds=holds,
            expected="the job's attempt is refused" if expects_refusal else "the job's attempt ends well",
            found=found,
        )

    def _last_words(self, function: str) -> str:
        lines = [line for line in self.cloud.logs(function) if line.strip()]
        return "; it said: " + " | ".join(lines[-3:])[-600:] if lines else ""

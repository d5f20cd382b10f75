"""What every phase of one drill works with."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, TypeVar

from drill.checkpoint import Registered
from drill.checks.findings import check
from drill.evidence.logbook import Logbook
from drill.machines.terraform import Environment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from drill.evidence.records import Finding
    from drill.machines.cloud import LocalCloud
    from drill.machines.load import Load
    from drill.machines.probing import Probing
    from drill.machines.processes import Processes
    from drill.machines.provider import Provider
    from drill.ports import Attempt, Capabilities, Jobs, User
    from drill.progress import Progress
    from drill.sabotage import Sabotage
    from vertex_dr.kernel.settings import Settings
    from vertex_dr.kernel.sides import Side

__all__ = ["Connection", "Drill"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Connection:
    """What the drill is given to reach Google and vertex-dr, once the cloud has an environment."""

    user: User
    jobs: Jobs
    capabilities: Capabilities


@dataclass(slots=True)
class Drill:
    """One drill: where it works, what it was asked, what it has made so far."""

    root: Path
    folder: Path
    progress: Progress
    processes: Processes
    cloud: LocalCloud
    provider: Provider
    connect: Callable[[dict[str, str]], Connection]
    wanted_predictions: int
    lock: IO[str]  # held as long as the drill lives
    sabotage: Sabotage | None = None
    behind: int = 0  # phases that a saved state has behind it
    is_kept: bool = False
    logbook: Logbook = field(default_factory=Logbook)
    workers: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(8, "drill"))
    registered: Registered = field(default_factory=Registered)
    settings: dict[Side, Settings] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    connection: Connection | None = None
    training: Future[None] | None = None
    sdk: Future[None] | None = None
    load: Load | None = None
    probing: Probing | None = None
    phase: str = ""

    @property
    def is_resumed(self) -> bool:
        """Return whether the drill goes on from a saved state."""
        return self.behind > 0

    @property
    def trained(self) -> Path:
        """Return the folder with every trained version."""
        return self.folder / "training"

    @property
    def sources(self) -> Path:
        """Return this drill's copy of terraform/: lock files of other runs are none of its business."""
        return self.folder / "terraform" / "sources"

    @property
    def user(self) -> User:
        """Return the data scientist with Google's SDK."""
        return self._connected.user

    @property
    def jobs(self) -> Jobs:
        """Return Cloud Scheduler's jobs."""
        return self._connected.jobs

    @property
    def capabilities(self) -> Capabilities:
        """Return what vertex-dr can do."""
        return self._connected.capabilities

    @property
    def _connected(self) -> Connection:
        if self.connection is None:
            self.connection = self.connect(self.environment)
        return self.connection

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

    def job(self, entry_point: str, side: Side, *, expects_refusal: bool = False) -> tuple[Attempt, Finding]:
        """Run a scheduled function of the side through its job; return how it ended, and the finding about that."""
        dashed = entry_point.replace("_", "-")
        region = self.settings[side].own.region
        with self.progress.step(f"{dashed} on {side}"):
            attempt = self.jobs.run(f"vdr-{dashed}", region=region)
        holds = (attempt.code != 0) if expects_refusal else (attempt.code == 0)
        found = f"code {attempt.code}: {attempt.message}, after {attempt.seconds} s"
        if not holds:
            found += self._last_words(f"vdr-{dashed}")
        finding = self.check(
            f"{dashed}-{'refused' if expects_refusal else 'runs'}-on-{side}",
            holds=holds,
            expected="the job's attempt is refused" if expects_refusal else "the job's attempt ends well",
            found=found,
        )
        return attempt, finding

    def _last_words(self, function: str) -> str:
        lines = [line for line in self.cloud.logs(function) if line.strip()]
        return "; it said: " + " | ".join(lines[-3:])[-600:] if lines else ""

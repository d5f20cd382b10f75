"""What a local cloud was started with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path  # noqa: TC003 - msgspec reads it when a daemon takes its settings in

HOST = "127.0.0.1"
LOG_FILE = "localcloud.log"  # in the state directory
DEFAULT_PORT_BASE = 9400
DEFAULT_PROJECT = "demo"
DEFAULT_REGIONS = ("europe-west4", "europe-west1")
PROJECT_NUMBER = "123456789012"


@dataclass(frozen=True, slots=True)
class Config:
    """Settings of one cloud; nothing of it changes while the cloud runs."""

    state_dir: Path
    cache_dir: Path
    project: str = DEFAULT_PROJECT
    project_number: str = PROJECT_NUMBER
    regions: tuple[str, ...] = DEFAULT_REGIONS
    port_base: int = DEFAULT_PORT_BASE  # 0: the kernel gives each port
    scheduler: str = "cron"
    emulators: bool = True
    is_state_temporary: bool = False
    iam_delay_seconds: float = 0.0  # until a change of a policy takes effect
    end_with: int | None = None  # the process whose end ends the cloud

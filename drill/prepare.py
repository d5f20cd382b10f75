"""Making a drill ready: tools, folder, processes, local cloud and Terraform provider, before anything is started."""

from __future__ import annotations

import shutil
import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from drill import checkpoint
from drill.checkpoint import PROVISIONED, REPLICATED
from drill.conduct import conduct, provision
from drill.context import Drill
from drill.folder_lock import lock_folder
from drill.machines.cloud import LocalCloud
from drill.machines.processes import Processes, clear
from drill.machines.provider import find_provider
from drill.phases.order import PHASES
from drill.progress import Progress
from preflight.records import PreflightReport
from vertex_dr.kernel.errors import BadInput, NotFound
from vertex_dr.kernel.records import from_json

if TYPE_CHECKING:
    from drill.evidence.records import Report
    from drill.sabotage import Sabotage

__all__ = ["run", "save"]

_LEDGER = "processes.json"
_NEEDED = {
    "terraform": "install Terraform 1.9 or later",
    "skopeo": "apt-get install -y skopeo",
    "bwrap": "apt-get install -y bubblewrap",
    "java": "apt-get install -y openjdk-17-jre-headless",
    "gcloud": "install the Google Cloud CLI with its components cloud-firestore-emulator and pubsub-emulator",
}


def run(folder: Path, *, sabotage: Sabotage | None, predictions: int, start: Path | None) -> Report:
    """Run a whole drill with its evidence in folder, and return the report; no process is left."""
    drill = _prepared(folder.resolve(), start=start, phases=len(PHASES), predictions=predictions, sabotage=sabotage)
    return conduct(drill)


def save(into: Path, *, start: Path | None) -> None:
    """Provision a cloud, or go on from a provisioned one to a replicated one, and save it for later drills."""
    folder = into.resolve()
    phases = PROVISIONED if start is None else REPLICATED
    drill = _prepared(folder, start=start, phases=phases, predictions=0, sabotage=None)
    drill.is_kept = True
    provision(drill, folder)


def _prepared(folder: Path, *, start: Path | None, phases: int, predictions: int, sabotage: Sabotage | None) -> Drill:
    root = _root()
    _require_tools()
    folder.mkdir(parents=True, exist_ok=True)
    lock = lock_folder(folder)
    left = clear(folder / _LEDGER)
    state = folder / "localcloud"
    shutil.rmtree(state, ignore_errors=True)
    shutil.rmtree(folder / "terraform", ignore_errors=True)
    known = None
    if start is not None:
        known = checkpoint.load(start)
        for part in ("localcloud", "terraform", "training"):
            shutil.rmtree(folder / part, ignore_errors=True)
            _copy(start / part, folder / part)
    signal.signal(signal.SIGTERM, _interrupted)
    processes = Processes(folder / _LEDGER)
    progress = Progress(phases)
    if left:
        progress.say(f"ended {left} processes that a killed drill had left")
    provider = find_provider(
        processes,
        stand_in_configuration=root / "build" / "terraform-provider" / "terraform.rc",
        plugin_cache=root / "build" / "terraform-plugins",
    )
    loudly = "" if not provider.is_stand_in else ": the registry's hashicorp/google cannot be installed here"
    progress.say(
        f"Terraform {provider.terraform}, {provider.name} {provider.version}{loudly}", loudly=provider.is_stand_in
    )
    drill = Drill(
        root=root,
        folder=folder,
        progress=progress,
        processes=processes,
        cloud=LocalCloud(processes, state=state, cache=root / "build" / "localcloud"),
        provider=provider,
        wanted_predictions=predictions,
        sabotage=sabotage,
        phases_done=known.phases if known else 0,
        lock=lock,
        preflight=_probed(root / "build" / "preflight.json"),
    )
    if known is not None:
        drill.registered, drill.outputs = known.registered, known.outputs
    return drill


def _root() -> Path:
    root = Path.cwd()
    if not (root / "terraform" / "envs" / "global").is_dir():
        raise BadInput(
            f"run a drill in {root}",
            found="there is no terraform/envs/global",
            then="change to a checkout of the project and run make drill",
        )
    for made in ("serving-image/index.json", "pipelines/diagnosis-training.yaml"):
        if not (root / "build" / made).exists():
            raise NotFound(f"run a drill in {root}", found=f"build/{made} is missing", then="run make setup first")
    return root


def _copy(source: Path, target: Path) -> None:
    """Copy the folder; files that share their content still do: the roots of images are mostly the same files."""
    copied = subprocess.run(["cp", "-a", source, target], capture_output=True, text=True, check=False)  # noqa: S603, S607 - every Linux has it
    if copied.returncode != 0:
        raise NotFound(f"copy {source}", found=copied.stderr.strip(), then="save the checkpoint again and run again")


def _require_tools() -> None:
    missing = [f"{name} ({remedy})" for name, remedy in _NEEDED.items() if shutil.which(name) is None]
    if missing:
        raise NotFound("run a drill", found=f"not on PATH: {', '.join(missing)}", then="install it and run again")


def _probed(file: Path) -> PreflightReport | None:
    """Return what a preflight with --probe has left; raises DamagedRecord for a file that is none."""
    return from_json(PreflightReport, file.read_bytes(), source=str(file)) if file.is_file() else None


def _interrupted(*_: object) -> None:
    raise KeyboardInterrupt

"""What a drill is made of: its processes, its cloud, Google's SDK, and vertex-dr's own capabilities."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from drill import checkpoint
from drill.checkpoint import PROVISIONED, REPLICATED
from drill.conduct import conduct, provision
from drill.context import Connection, Drill
from drill.evidence.records import Flip
from drill.folder_lock import lock_folder
from drill.machines.cloud import LocalCloud, free_port_base
from drill.machines.processes import Processes, clear
from drill.machines.provider import find_provider
from drill.phases.order import PHASES
from drill.progress import Progress
from vertex_dr.kernel.errors import BadInput, NotFound
from vertex_dr.kernel.records import Record
from vertex_dr.kernel.settings import Endpoints
from vertex_dr.wiring.capabilities import Capabilities
from vertex_dr.wiring.google_ports import GooglePorts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drill.evidence.records import Report
    from drill.sabotage import Sabotage
    from vertex_dr.kernel.settings import Settings
    from vertex_dr.kernel.sides import Side
    from vertex_dr.replication.records import Inventory

__all__ = ["run", "save"]

_LEDGER = "processes.json"
_NEEDED = {
    "terraform": "install Terraform 1.9 or later",
    "skopeo": "apt-get install -y skopeo",
    "java": "apt-get install -y openjdk-17-jre-headless",
    "gcloud": "install the Google Cloud CLI with its components cloud-firestore-emulator and pubsub-emulator",
}


def run(folder: Path, *, sabotage: Sabotage | None, predictions: int, start: Path | None) -> Report:
    """Run a whole drill with its evidence in folder, and return the report; no process is left."""
    drill = _drill(folder.resolve(), start=start, phases=len(PHASES), predictions=predictions, sabotage=sabotage)
    return conduct(drill)


def save(into: Path, *, start: Path | None) -> None:
    """Provision a cloud, or go on from a provisioned one to a replicated one, and save it for later drills."""
    folder = into.resolve()
    phases = PROVISIONED if start is None else REPLICATED
    drill = _drill(folder, start=start, phases=phases, predictions=0, sabotage=None)
    drill.is_kept = True
    provision(drill, folder)


def _drill(folder: Path, *, start: Path | None, phases: int, predictions: int, sabotage: Sabotage | None) -> Drill:
    root = _root()
    _preflight()
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
            shutil.copytree(start / part, folder / part, symlinks=True)
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
    port_base = known.port_base if known else free_port_base(is_kept=phases < len(PHASES))
    drill = Drill(
        root=root,
        folder=folder,
        progress=progress,
        processes=processes,
        cloud=LocalCloud(processes, state=state, cache=root / "build" / "localcloud", port_base=port_base),
        provider=provider,
        connect=_connect,
        wanted_predictions=predictions,
        sabotage=sabotage,
        behind=known.phases if known else 0,
        lock=lock,
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


def _preflight() -> None:
    missing = [f"{name} ({remedy})" for name, remedy in _NEEDED.items() if shutil.which(name) is None]
    if missing:
        raise NotFound("run a drill", found=f"not on PATH: {', '.join(missing)}", then="install it and run again")


def _interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def _connect(environment: dict[str, str]) -> Connection:
    from drill.machines.scheduler_jobs import SchedulerJobs  # noqa: PLC0415 - after the environment is known
    from drill.machines.sdk_user import SdkUser  # noqa: PLC0415 - the same

    os.environ.update(environment)  # Google's libraries find credentials and emulators there and nowhere else
    prefix = "VERTEX_DR_ENDPOINT_"
    endpoints = Endpoints(
        values={k.removeprefix(prefix).lower(): v for k, v in environment.items() if k.startswith(prefix)}
    )
    project = environment["GOOGLE_CLOUD_PROJECT"]
    return Connection(
        user=SdkUser(project, endpoints), jobs=SchedulerJobs(project, endpoints), capabilities=WiredCapabilities()
    )


def _wired(settings: Settings) -> Capabilities:
    return Capabilities(settings, GooglePorts(settings))


class JournaledFlip(Record, frozen=True, kw_only=True):
    """One accepted flip with the instants of its journal."""

    flip: Flip
    detected_at: float | None
    decided_at: float | None


class WiredCapabilities:
    """vertex-dr's own capabilities, as its commands have them."""

    def inventory(self, settings: Settings) -> Inventory:
        """Return what the settings' side holds now."""
        return _wired(settings).replication.observer(settings.side).observe()

    def stage_imports(self, settings: Settings) -> None:
        """Do the part of the import that fills the own staging bucket, and no more."""
        use = _wired(settings).replication.import_models
        use.apply(use.plan().only("stage-file"))

    def ensure_selector(self, settings: Settings) -> None:
        """Make the selector exist, at epoch 1 when it did not."""
        _wired(settings).traffic.ensure_selector.run()

    def active(self, settings: Settings) -> tuple[Side, int]:
        """Return the active side and the epoch."""
        found = GooglePorts(settings).selector.read()
        return found.active, found.epoch

    def flips(self, settings: Settings) -> Sequence[JournaledFlip]:
        """Return every accepted flip, oldest first, with what its journal says."""
        journals = _journals(settings)
        found = []
        for change in GooglePorts(settings).selector.changes():
            plan = journals.get(change.flip_id, {}).get("plan", {})
            flip = Flip(
                epoch=change.selector.epoch,
                active=change.selector.active,
                at=change.selector.changed_at.timestamp(),
                by=change.selector.changed_by,
                reason=change.selector.reason,
            )
            found.append(
                JournaledFlip(
                    flip=flip,
                    detected_at=_instant(plan.get("detected_at")),
                    decided_at=_instant(plan.get("decided_at")),
                )
            )
        return found


def _journals(settings: Settings) -> dict[str, dict[str, Any]]:
    """Return flip id → journal as far as the side's fail_over has written them."""
    from vertex_dr.adapters.google.clients import Clients  # noqa: PLC0415 - only a drill reads them

    blobs = Clients(settings).storage().list_blobs(settings.own.staging_bucket, prefix="journals/fail_over/")
    found = [msgspec.json.decode(blob.download_as_bytes()) for blob in blobs]
    return {journal["flip_id"]: journal for journal in found}


def _instant(text: str | None) -> float | None:
    from datetime import datetime  # noqa: PLC0415 - one use

    return None if text is None else datetime.fromisoformat(text).timestamp()

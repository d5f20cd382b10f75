"""Starting and ending the daemon."""

from __future__ import annotations

import fcntl
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec
import typer

from localcloud.cli import console
from localcloud.core.config import LOG_FILE, Config
from localcloud.core.ports import HIGHEST_PORT_BASE, PortsError, kept_port

_REGION = re.compile(r"[a-z]+-[a-z]+\d{1,2}")
_READY_SECONDS = 90
_END_SECONDS = 30.0
_POLL_SECONDS = 0.05
# gRPC's handlers would run in each child between fork and exec, and fail some: a child's program is another one.
_WITHOUT_FORK_HANDLERS = {"GRPC_ENABLE_FORK_SUPPORT": "0"}


class NotStartedError(Exception):
    """The cloud could not be started or ended; the message is the line to print."""


def region_names(text: str) -> tuple[str, ...]:
    """Return the regions of a comma-separated list; raises NotStartedError for one that is no region's name."""
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    wrong = [name for name in names if not _REGION.fullmatch(name)]
    if wrong or not names or len(set(names)) != len(names):
        raise NotStartedError(
            f"cannot start the regions {text!r}: {_found(wrong, names)}; "
            "give distinct names such as europe-west4,europe-west1"
        )
    return names


def port_base(text: str) -> int:
    """Return the first port, 0 for `auto`; raises typer.BadParameter for what can be none."""
    number = 0 if str(text) == "auto" else int(text) if str(text).isdigit() else -1
    if not 0 <= number <= HIGHEST_PORT_BASE:
        raise typer.BadParameter(f"{text} is neither `auto` nor a port from 0 to {HIGHEST_PORT_BASE}")
    return number


def proxy_port(state: Path | None, base: int) -> int:
    """Return the port of the proxy, which answers these commands too: that of the state directory, or the given one.

    Raises NotStartedError when nothing says which cloud is meant.
    """
    try:
        found = kept_port(state, "proxy") if state else base
    except PortsError as error:
        raise NotStartedError(str(error)) from error
    if not found:
        raise NotStartedError(
            f"cannot find the local cloud: the kernel gives its ports, and {state or 'no state directory'} "
            "tells none; name the state directory that `localcloud up` printed with --state"
        )
    return found


def _found(wrong: list[str], names: tuple[str, ...]) -> str:
    if wrong:
        return f"{', '.join(map(repr, wrong))} cannot be a region"
    return "a region is named twice" if names else "no region is named"


def config(  # noqa: PLR0913 - one parameter an option of `localcloud up`
    state: Path | None,
    project: str,
    regions: tuple[str, ...],
    port_base: int,
    scheduler: str,
    *,
    emulators: bool,
    iam_delay_seconds: float = 0.0,
    end_with: int | None = None,
) -> Config:
    """Return the settings of a cloud to start; without a state directory, a new one that `down` removes.

    Raises NotStartedError when the state cannot be kept there.
    """
    cache = os.environ.get("LOCALCLOUD_CACHE_DIR")
    return Config(
        state_dir=_state_dir(state),
        cache_dir=Path(cache) if cache else Path.home() / ".cache" / "localcloud",
        project=project,
        regions=regions,
        port_base=port_base,
        scheduler=scheduler,
        emulators=emulators,
        is_state_temporary=state is None,
        iam_delay_seconds=iam_delay_seconds,
        end_with=end_with,
    )


def _state_dir(state: Path | None) -> Path:
    if state is None:
        return Path(tempfile.mkdtemp(prefix="localcloud-"))
    try:
        state.mkdir(parents=True, exist_ok=True)
        (state / LOG_FILE).touch()
    except OSError as error:
        raise NotStartedError(
            f"cannot keep the state in {state}: {error.strerror}; name a directory that can be written with --state"
        ) from None
    return state.resolve()


def in_foreground(settings: Config) -> None:
    """Run the cloud until it is interrupted; raises NotStartedError."""
    os.environ.update(_WITHOUT_FORK_HANDLERS)
    # Imported here: it costs half a second that the other verbs need not pay.
    from localcloud.cli import daemon
    from localcloud.runtime.emulators.emulator import EmulatorUnavailable

    def tell_ready() -> None:
        port = proxy_port(settings.state_dir, settings.port_base)
        print(f"localcloud is ready on http://127.0.0.1:{port}", flush=True)  # noqa: T201 - the terminal is the user

    try:
        daemon.run(settings, tell_ready)
    except (daemon.StateBusyError, PortsError, EmulatorUnavailable, OSError) as error:
        raise NotStartedError(str(error)) from None


def in_background(settings: Config) -> None:
    """Return once the daemon is ready; raises NotStartedError, with nothing left running, when it is not."""
    reading, writing = os.pipe()
    with (settings.state_dir / LOG_FILE).open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - this interpreter, with this package's own words
            [sys.executable, "-m", "localcloud.cli.daemon", str(writing)],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,
            pass_fds=(writing,),
            env={**os.environ, **_WITHOUT_FORK_HANDLERS},
        )
    os.close(writing)
    assert process.stdin is not None  # noqa: S101 - asked for in the call above
    process.stdin.write(msgspec.json.encode(settings, enc_hook=str))
    process.stdin.close()
    with os.fdopen(reading) as told:
        said = told.readline().strip()
    if said != "ready":
        process.wait(_READY_SECONDS)
        raise NotStartedError(said or _last_words(settings.state_dir / LOG_FILE))


def stop(state: Path | None, base: int) -> int:
    """End the daemon of the state directory or port, wait until it is gone, return its pid; raises NotStartedError."""
    pid = _pid_of(state) if state else int(console.ask(proxy_port(state, base), "status")["pid"])
    try:
        os.kill(pid, signal.SIGTERM)
    except ProcessLookupError:
        raise NotStartedError(f"no local cloud runs on {state or base}: process {pid} has ended already") from None
    give_up = time.monotonic() + _END_SECONDS
    while _is_running(pid):
        if time.monotonic() > give_up:
            raise NotStartedError(
                f"process {pid} has not ended within {_END_SECONDS:.0f} s; end it with `kill -9 {pid}`"
            )
        time.sleep(_POLL_SECONDS)
    return pid


def _pid_of(state: Path) -> int:
    """Return the process that holds the pid file's lock; a pid that a killed daemon left may be anybody's by now."""
    try:
        with (state / "localcloud.pid").open() as pid_file:
            fcntl.flock(pid_file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return int((state / "localcloud.pid").read_text())
    except OSError as error:
        raise _not_running(state, f"its localcloud.pid cannot be read ({error.strerror})") from None
    raise _not_running(state, "nobody holds its localcloud.pid")


def _not_running(state: Path, found: str) -> NotStartedError:
    return NotStartedError(
        f"no local cloud runs on {state}: {found}; nothing needs to be ended, "
        "unless it was started with another --state or --port-base"
    )


def _last_words(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return f"the daemon ended before it was ready; the last line of {log}: {lines[-1] if lines else 'there is none'}"


def _is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False

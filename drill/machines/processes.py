"""Every process that a drill starts, written down before anything else, so that none outlives it.

The ledger is a file: a drill that was killed leaves it behind, and the next drill ends what it names.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["Processes", "clear"]

_GRACE_SECONDS = 15.0
_POLL_SECONDS = 0.02


class Processes:
    """The processes of one drill; each leads a group of its own, so that an interrupt reaches the drill first."""

    def __init__(self, ledger: Path) -> None:
        self._ledger = ledger
        self._children: dict[int, subprocess.Popen[str]] = {}
        self._adopted: dict[int, str] = {}
        self._lock = threading.Lock()

    def start(
        self,
        command: Sequence[str | Path],
        *,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
        stdout: int | IO[str] = subprocess.PIPE,
        stderr: int | IO[str] = subprocess.STDOUT,
    ) -> subprocess.Popen[str]:
        """Start the command and return its process; it is ended by `stop_all` at the latest."""
        child = subprocess.Popen(  # noqa: S603 - the drill's own commands, never a shell
            [str(part) for part in command],
            env=dict(os.environ) | dict(environment or {}),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            text=True,
            start_new_session=True,
        )
        with self._lock:
            self._children[child.pid] = child
            self._write()
        return child

    def run(
        self, command: Sequence[str | Path], *, environment: Mapping[str, str] | None = None, folder: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run the command to its end; return its exit code, and everything that it printed as its output."""
        child = self.start(command, environment=environment, folder=folder)
        output, _ = child.communicate()
        return subprocess.CompletedProcess(child.args, self.finish(child), stdout=output)

    def finish(self, child: subprocess.Popen[str]) -> int:
        """Wait for a process that ends by itself, and return its exit code."""
        code = child.wait()
        with self._lock:
            self._children.pop(child.pid, None)
            self._write()
        return code

    def adopt(self, pid: int) -> None:
        """Take a daemon into the ledger that a command of ours has started."""
        with self._lock:
            self._adopted[pid] = _birth(pid) or ""
            self._write()

    def stop(self, child: subprocess.Popen[str]) -> int:
        """End the process, wait until it is gone, and return its exit code; repeating it is safe."""
        _end_group(child.pid, lambda: child.poll() is not None)
        with self._lock:
            self._children.pop(child.pid, None)
            self._write()
        return child.wait()

    def stop_all(self) -> None:
        """End everything that still runs and drop the ledger; repeating it is safe."""
        for child in list(self._children.values()):
            self.stop(child)
        for pid, birth in self._adopted.items():
            _end_stranger(pid, birth)
        self._adopted.clear()
        self._ledger.unlink(missing_ok=True)

    def _write(self) -> None:
        entries = {str(pid): _birth(pid) or "" for pid in self._children}
        entries |= {str(pid): birth for pid, birth in self._adopted.items()}
        self._ledger.parent.mkdir(parents=True, exist_ok=True)
        self._ledger.write_bytes(msgspec.json.encode(entries))


def clear(ledger: Path) -> int:
    """End what a killed drill left running and drop its ledger; return how many processes that were."""
    try:
        entries = msgspec.json.decode(ledger.read_bytes(), type=dict[str, str])
    except FileNotFoundError:
        return 0
    except msgspec.DecodeError:
        entries = {}  # cut off while it was written: the process it would have named had not been started
    ended = sum(_end_stranger(int(pid), birth) for pid, birth in entries.items())
    ledger.unlink(missing_ok=True)
    return ended


def _birth(pid: int) -> str | None:
    """Return the kernel's start time of the process, which tells it from a later one of the same number."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else fields[19]


def _end_stranger(pid: int, birth: str) -> bool:
    if not birth or _birth(pid) != birth:
        return False
    _end_group(pid, lambda: _birth(pid) != birth)
    return True


def _end_group(pid: int, is_gone: Callable[[], bool]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        if is_gone():
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, number)
        give_up = time.monotonic() + _GRACE_SECONDS
        while not is_gone() and time.monotonic() < give_up:
            time.sleep(_POLL_SECONDS)

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import msgspec
import psutil
import pytest

from drill.machines.processes import Processes, clear

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path

# Says that it is there, then waits for ever: a process that only a signal ends.
FOREVER = [sys.executable, "-c", "import time; print('there', flush=True); time.sleep(3600)"]


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "processes.json"


@pytest.fixture
def processes(ledger: Path) -> Iterator[Processes]:
    started = Processes(ledger)
    yield started
    started.stop_all()


def started(processes: Processes) -> subprocess.Popen[str]:
    child = processes.start(FOREVER)
    assert child.stdout is not None
    assert child.stdout.readline() == "there\n"
    return child


def test_everything_that_was_started_is_ended(processes: Processes, ledger: Path) -> None:
    child = started(processes)

    processes.stop_all()

    assert child.returncode is not None
    assert not ledger.exists()


def test_a_next_drill_ends_what_a_killed_one_left(processes: Processes, ledger: Path) -> None:
    child = started(processes)

    ended = clear(ledger)

    assert ended == 1
    assert child.wait() != 0
    assert not ledger.exists()


def test_a_process_that_only_has_the_same_number_is_left_alone(
    processes: Processes, ledger: Path, tmp_path: Path
) -> None:
    child = started(processes)
    other = tmp_path / "other.json"
    other.write_bytes(msgspec.json.encode({str(child.pid): "1"}))

    ended = clear(other)

    assert ended == 0
    assert psutil.pid_exists(child.pid)
    assert ledger.exists()


def test_a_command_is_run_to_its_end_and_forgotten(processes: Processes, ledger: Path) -> None:
    ended = processes.run([sys.executable, "-c", "print('done'); raise SystemExit(3)"])

    assert (ended.returncode, ended.stdout) == (3, "done\n")
    assert msgspec.json.decode(ledger.read_bytes()) == {}


def test_a_torn_ledger_does_not_stop_the_next_drill(ledger: Path) -> None:
    ledger.write_text('{"12')

    ended = clear(ledger)

    assert ended == 0

"""A drill that is interrupted leaves nothing running."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

VERTEX_DR = Path(sys.executable).with_name("vertex-dr")

pytestmark = pytest.mark.drill


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_drill_ends_everything_that_it_started(number: signal.Signals, tmp_path: Path) -> None:
    # A shell that runs the tests in the background lets its children ignore interrupts, and they inherit that.
    child = subprocess.Popen(
        [VERTEX_DR, "drill", "--folder", tmp_path],
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no thread forks here
    )
    assert child.stderr is not None
    told = [next(line for line in child.stderr if "localcloud up" in line)]
    cloud = psutil.Process(int((tmp_path / "localcloud" / "localcloud.pid").read_text()))

    os.kill(child.pid, number)
    told += child.stderr.readlines()

    assert child.wait(60) == 130, "".join(told)
    # Whether a container's first process reaps it is not the drill's affair.
    assert not cloud.is_running() or cloud.status() == psutil.STATUS_ZOMBIE
    assert not (tmp_path / "processes.json").exists()
    assert told[-1] == "vertex-dr: interrupted; nothing that it started is left running\n"

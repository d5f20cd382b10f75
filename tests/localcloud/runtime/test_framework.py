"""functions-framework as localcloud runs it: a worker does not outlive the process that forked it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import psutil
import pytest

from localcloud.core.ports import Port
from localcloud.runtime import framework

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# It says which process works on the request, and goes on for longer than any test waits.
MAIN = """
import os
import signal

def endless(request):
    with open(os.environ["WORKER"], "w") as told:
        told.write(f"{os.getpid()}\\n")
    signal.pause()
"""


@pytest.fixture
def worker(tmp_path: Path) -> Path:
    path = tmp_path / "worker"
    os.mkfifo(path)  # reading it waits until the request has arrived
    return path


@pytest.fixture
def serving(tmp_path: Path, worker: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    (tmp_path / "main.py").write_text(MAIN)
    port = Port()
    port.reserve()
    process = subprocess.Popen(
        [sys.executable, "-P", framework.__file__, "--target=endless", f"--source={tmp_path / 'main.py'}"],
        env={**os.environ, "HOST": "127.0.0.1", "PORT": str(port.number), "WORKER": str(worker)},
    )
    yield process, port.number
    process.kill()
    process.wait()
    port.release()


def connected(process: subprocess.Popen[bytes], port: int) -> socket.socket:
    while process.poll() is None:
        with contextlib.suppress(ConnectionRefusedError):
            return socket.create_connection(("127.0.0.1", port))
    raise AssertionError(f"the framework ended with {process.returncode}")


def test_a_worker_in_the_middle_of_a_request_ends_with_its_parent(
    serving: tuple[subprocess.Popen[bytes], int], worker: Path
) -> None:
    parent, port = serving
    with connected(parent, port) as asking:
        asking.sendall(b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 0\r\n\r\n")
        working = psutil.Process(int(worker.read_text()))
        assert working.pid != parent.pid

        parent.send_signal(signal.SIGKILL)
        _, alive = psutil.wait_procs([working], timeout=10)

    assert alive == []

"""How soon the local cloud is ready, what it weighs when idle, and how many small objects it takes in a second."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from bench.rows import Row

__all__ = ["measure"]

# ruff: noqa: S310 - every address here is the local cloud's

ROUNDS = 3
UPLOADS = 300
MEBIBYTE = 1 << 20
LOCALCLOUD = (sys.executable, "-m", "localcloud.cli")


def measure() -> list[Row]:
    """Return a row for each start, the idle memory beside the emulators' own, and the rate of uploads."""
    whole = [_one() for _ in range(ROUNDS)]
    alone = [_one("--no-emulators") for _ in range(ROUNDS)]
    ready, memory, children, rate = (statistics.median(column) for column in zip(*whole, strict=True))
    ready_alone, *_ = (statistics.median(column) for column in zip(*alone, strict=True))
    return [
        Row(what="localcloud up", ours=ready, unit="s", beside="without emulators", theirs=ready_alone),
        Row(what="localcloud idle", ours=memory, unit="MB", beside="its two emulators", theirs=children),
        Row(what="uploads to localcloud, one after another", ours=rate, unit="/s"),
    ]


def _one(*options: str) -> tuple[float, float, float, float]:
    """Return seconds until ready, the daemon's and its children's megabytes, and uploads a second, of one start."""
    with tempfile.TemporaryDirectory() as state:
        began = time.perf_counter()
        up = [*LOCALCLOUD, "up", "--state", state, "--port-base", "auto", "--scheduler", "manual", *options]
        subprocess.run(up, check=True, stdout=subprocess.DEVNULL)
        ready = time.perf_counter() - began
        try:
            pid = int((Path(state) / "localcloud.pid").read_text())
            children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
            memory, theirs = _megabytes(pid), sum(map(_megabytes, children))
            return ready, memory, theirs, _uploads_a_second(_url(state))
        finally:
            down = [*LOCALCLOUD, "down", "--state", state]
            subprocess.run(down, check=True, stdout=subprocess.DEVNULL)


def _url(state: str) -> str:
    env = [*LOCALCLOUD, "env", "--state", state, "--format", "json"]
    told = subprocess.run(env, check=True, capture_output=True, text=True)
    return str(json.loads(told.stdout)["LOCALCLOUD_URL"])


def _uploads_a_second(url: str) -> float:
    _post(f"{url}/storage/v1/b?project=demo", {"name": "bench", "location": "europe-west4"})
    began = time.perf_counter()
    for number in range(UPLOADS):
        _post(f"{url}/upload/storage/v1/b/bench/o?uploadType=media&name={number}", {"number": number})
    return UPLOADS / (time.perf_counter() - began)


def _post(url: str, body: dict[str, object]) -> None:
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request) as response:
        response.read()


def _megabytes(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) * 1024 / MEBIBYTE

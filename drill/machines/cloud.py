"""The local cloud as its users meet it: its command, and its own API over HTTP."""

from __future__ import annotations

import http.client
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from drill.evidence.samples import Arrival
from vertex_dr.kernel.errors import Unreachable

if TYPE_CHECKING:
    from drill.machines.processes import Processes

__all__ = ["LocalCloud"]

_ANSWER_SECONDS = 30


class LocalCloud:
    """One local cloud that this drill started, on ports that the kernel gave; its state directory keeps them."""

    def __init__(self, processes: Processes, *, state: Path, cache: Path) -> None:
        self._processes = processes
        self._cache = cache
        self._environment: dict[str, str] = {}
        self.state = state

    def up(self) -> float:
        """Start the cloud and return the seconds until it was ready; raises Unreachable when it does not start."""
        started = time.monotonic()
        tied = ("--end-with", str(os.getpid()))  # a drill that is killed leaves no cloud behind
        self._command("up", "--state", str(self.state), "--port-base", "auto", "--scheduler", "manual", *tied)
        seconds = time.monotonic() - started
        self._processes.adopt(int((self.state / "localcloud.pid").read_text()))
        told = self._command("env", "--state", str(self.state), "--port-base", "auto", "--format", "json")
        self._environment = msgspec.json.decode(told, type=dict[str, str])
        return seconds

    def down(self) -> None:
        """End the cloud; raises Unreachable when it does not run."""
        self._command("down", "--state", str(self.state))

    def environment(self) -> dict[str, str]:
        """Return the variables with which every client finds this cloud."""
        return dict(self._environment)

    def status(self) -> dict[str, Any]:
        """Return what the cloud says about itself."""
        return self._ask("GET", "status")

    def outage(self, region: str, api: str | None = None) -> float:
        """Make the region or its API dark; return when it was, in epoch seconds."""
        at = time.time()
        self._ask("POST", "outage", {"region": region, "api": api})
        return at

    def heal(self, region: str) -> float:
        """Light the region again; return when it was, in epoch seconds."""
        self._ask("POST", "heal", {"region": region})
        return time.time()

    def predictions(self) -> list[Arrival]:
        """Return every prediction that reached an endpoint."""
        found = self._ask("GET", "predictions")["predictions"]
        return [msgspec.convert({**item, "attempt": item.get("try")}, Arrival, strict=False) for item in found]

    def logs(self, function: str) -> list[str]:
        """Return what the function has printed on both sides."""
        return [str(line) for line in self._ask("GET", f"logs?function={function}")["lines"]]

    def idle_memory_megabytes(self) -> float:
        """Return the resident memory of the cloud's own process, without emulators, servers and functions."""
        pid = self.status()["pid"]
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return round(int(line.split()[1]) / 1024, 1)
        return 0.0

    def _command(self, *arguments: str) -> str:
        ended = self._processes.run(
            [Path(sys.executable).with_name("localcloud"), *arguments],
            environment={"LOCALCLOUD_CACHE_DIR": str(self._cache)},
        )
        if ended.returncode != 0:
            raise Unreachable(
                f"run localcloud {' '.join(arguments)}",
                found=ended.stdout.strip() or f"it ended with exit code {ended.returncode}",
                then="mend what it says and start the drill again",
            )
        return ended.stdout

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        address = self._environment["LOCALCLOUD_URL"].removeprefix("http://")
        connection = http.client.HTTPConnection(address, timeout=_ANSWER_SECONDS)
        try:
            connection.request(method, f"/_localcloud/{path}", body=msgspec.json.encode(body) if body else None)
            answer = connection.getresponse()
            content = answer.read()
        except OSError as exc:
            raise Unreachable(
                f"ask the local cloud at {address} for {path}",
                found=str(exc),
                then=f"read {self.state}/localcloud.log",
            ) from exc
        finally:
            connection.close()
        if answer.status != http.client.OK:
            raise Unreachable(
                f"ask the local cloud for {method} {path}",
                found=f"HTTP {answer.status}: {content.decode(errors='replace')[:500]}",
                then=f"read {self.state}/localcloud.log",
            )
        found: dict[str, Any] = msgspec.json.decode(content)
        return found

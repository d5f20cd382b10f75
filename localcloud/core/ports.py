"""The port of one cloud: a given one, or one that the kernel gives."""

from __future__ import annotations

import json
import os
import socket
from typing import TYPE_CHECKING

from localcloud.core.config import HOST

if TYPE_CHECKING:
    from pathlib import Path

_FILE = "ports.json"
_HIGHEST_PORT = 65535
HIGHEST_PORT_BASE = _HIGHEST_PORT


class PortsError(Exception):
    """The cloud cannot have its ports; the message says why and what to do."""


class PortBusyError(PortsError):
    """A port of the cloud is taken."""

    def __init__(self, port: int, error: OSError) -> None:
        why = os.strerror(error.errno) if error.errno else str(error)
        super().__init__(
            f"cannot listen on {HOST}:{port}: {why}; `localcloud down` ends a cloud that is still running there, "
            "--port-base takes other ports"
        )


class DamagedPortsError(PortsError):
    """The file of a state directory that notes its ports cannot be read."""

    def __init__(self, file: Path, problem: str) -> None:
        super().__init__(
            f"cannot read the ports of this cloud in {file}: {problem}; put an intact copy back, or delete it: the "
            "cloud then gets other ports, and what it has stored with its old addresses cannot be called"
        )


class Port:
    """One loopback port, held from `reserve` to `release` whether anything listens on it or not.

    A program that must be told its port, and binds it itself, may listen on a held one: it sets SO_REUSEADDR, as all
    servers do that can be started again at once. Meanwhile the kernel gives the port to nobody.
    """

    def __init__(self, number: int = 0) -> None:
        self.number = number  # 0 until the kernel has given one
        self._held: socket.socket | None = None

    def reserve(self) -> None:
        """Hold the port, so that nobody else takes it; raises PortBusyError. Repeating is safe."""
        if self._held is None:
            self._held = self._bound()
            self.number = self._held.getsockname()[1]

    def new_socket(self) -> socket.socket:
        """Return a socket that is bound to the port and can listen; raises PortBusyError."""
        self.reserve()
        return self._bound()

    def release(self) -> None:
        """Hold the port no longer; repeating is safe."""
        if self._held is not None:
            self._held.close()
            self._held = None

    def _bound(self) -> socket.socket:
        # Two sockets of one address, both with this option, may be bound as long as only one of them listens.
        made = socket.socket()
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            made.bind((HOST, self.number))
        except OSError as error:
            made.close()
            raise PortBusyError(self.number, error) from error
        return made


class Ports:
    """Every port of one cloud by what listens there: only the `proxy` has one that clients must know.

    Without a given one the kernel gives it once, and the state directory keeps it: shells that have evaluated
    `localcloud env` go on when the cloud is started again on the same state.
    """

    def __init__(self, *, state_dir: Path, port_base: int) -> None:
        self._file = state_dir / _FILE
        self._is_given_by_kernel = port_base == 0
        self._by_name = {"proxy": Port(port_base)}

    def __getitem__(self, name: str) -> Port:
        return self._by_name[name]

    def numbers(self) -> dict[str, int]:
        """Return every port by what listens there."""
        return {name: port.number for name, port in self._by_name.items()}

    def reserve(self) -> None:
        """Hold every port, and note them in the state directory; raises PortBusyError. Repeating is safe."""
        if self._is_given_by_kernel:
            kept = _kept_ports(self._file)
            for name, port in self._by_name.items():
                port.number = kept.get(name, port.number)
        for port in self._by_name.values():
            port.reserve()
        partial = self._file.with_suffix(".partial")  # a full disk leaves the older file whole
        partial.write_text(json.dumps(self.numbers(), indent=2) + "\n")
        partial.replace(self._file)

    def release(self) -> None:
        """Hold no port any longer; repeating is safe."""
        for port in self._by_name.values():
            port.release()


def kept_port(state_dir: Path, name: str) -> int | None:
    """Return the port that the cloud of the state directory has noted, None when there was none yet."""
    return _kept_ports(state_dir / _FILE).get(name)


def _kept_ports(file: Path) -> dict[str, int]:
    """Return the ports of the file, none when there is no file. Raises DamagedPortsError."""
    try:
        found = json.loads(file.read_text())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise DamagedPortsError(file, str(error)) from error
    if not isinstance(found, dict) or not all(
        isinstance(port, int) and 0 <= port <= _HIGHEST_PORT for port in found.values()
    ):
        raise DamagedPortsError(file, "it is no object of names and ports")
    return found

"""Ports are held, those that the kernel gave are kept in the state directory; an unreadable file is one clear line."""

from __future__ import annotations

import socket
import struct
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest

from localcloud.core.ports import DamagedPortsError, Port, PortBusyError, Ports, kept_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Linux's <linux/in.h>, since 6.3: from which ports the kernel may give one to this socket. Python has no name for it.
IP_LOCAL_PORT_RANGE = 51


def ports_of(state: Path, port_base: int = 0) -> Ports:
    return Ports(state_dir=state, port_base=port_base)


@pytest.fixture
def held() -> Iterator[Port]:
    port = Port()
    port.reserve()
    yield port
    port.release()


def test_a_server_that_is_told_a_held_port_listens_there(held: Port) -> None:
    with HTTPServer(("127.0.0.1", held.number), BaseHTTPRequestHandler) as server:
        assert server.server_port == held.number
        socket.create_connection(("127.0.0.1", held.number), timeout=5).close()


def test_a_held_port_refuses_connections_while_nobody_listens(held: Port) -> None:
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", held.number), timeout=5)


@pytest.fixture
def asking(held: Port) -> Iterator[socket.socket]:
    """A socket to which the kernel can give no other port than the held one."""
    with socket.socket() as asking:
        asking.setsockopt(socket.IPPROTO_IP, IP_LOCAL_PORT_RANGE, struct.pack("I", held.number | held.number << 16))
        yield asking


@pytest.mark.parametrize("reuse", [0, 1])
def test_the_kernel_gives_a_held_port_to_no_server(held: Port, asking: socket.socket, reuse: int) -> None:
    asking.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, reuse)
    with pytest.raises(OSError, match="in use"):
        asking.bind(("127.0.0.1", 0))

    held.release()
    asking.bind(("127.0.0.1", 0))
    assert asking.getsockname()[1] == held.number


def test_the_kernel_gives_a_held_port_to_no_connection(asking: socket.socket) -> None:
    with socket.create_server(("127.0.0.1", 0)) as elsewhere, pytest.raises(OSError, match="assign"):
        asking.connect(elsewhere.getsockname())


def test_a_port_on_which_somebody_listens_cannot_be_held() -> None:
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server, pytest.raises(PortBusyError):
        Port(server.server_port).reserve()


def test_with_a_port_base_the_proxy_has_that_port(tmp_path: Path) -> None:
    assert ports_of(tmp_path, 9400).numbers() == {"proxy": 9400}


def test_a_later_cloud_on_the_state_takes_the_same_ports(tmp_path: Path) -> None:
    first = ports_of(tmp_path)
    first.reserve()
    given = first.numbers()
    first.release()
    later = ports_of(tmp_path)

    later.reserve()

    assert later.numbers() == given
    assert kept_port(tmp_path, "proxy") == given["proxy"]
    later.release()


@pytest.mark.parametrize("content", ["", "garbage", "[]", "null", '{"proxy": 99999}', '{"proxy": "one"}'])
def test_a_damaged_file_is_named_with_what_deleting_it_costs(tmp_path: Path, content: str) -> None:
    (tmp_path / "ports.json").write_text(content)

    with pytest.raises(DamagedPortsError, match=r"ports\.json.*delete it"):
        ports_of(tmp_path).reserve()
    with pytest.raises(DamagedPortsError):
        kept_port(tmp_path, "proxy")


def test_a_state_without_ports_has_none(tmp_path: Path) -> None:
    assert kept_port(tmp_path, "proxy") is None

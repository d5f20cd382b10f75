"""The plugin as a process: what it says, whom it trusts, when it ends."""

from __future__ import annotations

import base64
import os
import signal
import socket
import ssl
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from localcloud.terraform_provider.protocol.certificate import keep_certificate, make_certificate, own_certificate
from localcloud.terraform_provider.protocol.plugin import COOKIE, COOKIE_NAME, handshake_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PLUGIN = [sys.executable, "-m", "localcloud.terraform_provider"]


@pytest.fixture
def plugin(stand_in: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A started plugin whose parent is this process."""
    environment = {
        **os.environ,
        COOKIE_NAME: COOKIE,
        "PLUGIN_CLIENT_CERT": "any",
        "TMPDIR": str(tmp_path),
        "LOCALCLOUD_TERRAFORM_SCHEMA": str(stand_in.parent / "schema.json"),
    }
    process = subprocess.Popen(PLUGIN, env=environment, stdout=subprocess.PIPE, text=True)
    yield process
    process.kill()
    process.wait()
    assert process.stdout
    process.stdout.close()


def greeting(plugin: subprocess.Popen[str]) -> list[str]:
    assert plugin.stdout
    return plugin.stdout.readline().strip().split("|")


def test_handshake_names_protocol_socket_and_certificate():
    assert handshake_line("/tmp/x/plugin.sock", "MIIB") == "1|6|unix|/tmp/x/plugin.sock|grpc|MIIB"  # noqa: S108 - no file is made


def test_plugin_speaks_tls_with_the_certificate_it_announced(plugin: subprocess.Popen[str]):
    *_, path, _, announced = greeting(plugin)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=base64.b64decode(announced + "=" * (-len(announced) % 4)))
    context.set_alpn_protocols(["h2"])
    with socket.socket(socket.AF_UNIX) as raw:
        raw.connect(path)
        with context.wrap_socket(raw, server_hostname="localhost") as connection:
            assert connection.selected_alpn_protocol() == "h2"


def test_only_this_user_may_reach_the_socket(plugin: subprocess.Popen[str], tmp_path: Path):
    greeting(plugin)

    (directory,) = tmp_path.iterdir()
    assert directory.stat().st_mode & 0o077 == 0


def test_plugin_leaves_nothing_behind_when_it_is_ended(plugin: subprocess.Popen[str], tmp_path: Path):
    greeting(plugin)

    plugin.send_signal(signal.SIGTERM)

    assert plugin.wait(timeout=20) == 0
    assert list(tmp_path.iterdir()) == []


def test_interrupt_is_left_to_terraform(plugin: subprocess.Popen[str]):
    *_, path, _, _ = greeting(plugin)

    plugin.send_signal(signal.SIGINT)

    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
    assert plugin.poll() is None


def test_plugin_ends_with_its_parent(stand_in: Path, tmp_path: Path):
    """A parent that is killed cannot say goodbye."""
    starter = (
        "import os, subprocess, sys\n"
        f"child = subprocess.Popen({PLUGIN!r}, stdout=subprocess.PIPE, text=True)\n"
        "child.stdout.readline()\n"
        "print(child.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    environment = {**os.environ, COOKIE_NAME: COOKIE, "TMPDIR": str(tmp_path)}
    environment["LOCALCLOUD_TERRAFORM_SCHEMA"] = str(stand_in.parent / "schema.json")

    done = subprocess.run(
        [sys.executable, "-c", starter], env=environment, check=False, capture_output=True, text=True, timeout=60
    )

    # The pipe of its standard output is closed when the plugin has ended, and run() waits for that.
    assert done.returncode == -signal.SIGKILL
    assert not (list(tmp_path.iterdir()))


def test_person_who_starts_the_plugin_is_told_what_it_is():
    environment = {name: text for name, text in os.environ.items() if name != COOKIE_NAME}

    done = subprocess.run(PLUGIN, env=environment, check=False, capture_output=True, text=True)

    assert done.returncode == 1
    assert "Terraform starts it" in done.stderr


def test_certificate_is_kept_for_this_user_only(tmp_path: Path):
    kept = tmp_path / "certificate.json"

    keep_certificate(kept)
    first = own_certificate(str(kept))
    keep_certificate(kept)

    assert own_certificate(str(kept)) == first
    assert kept.stat().st_mode & 0o077 == 0


def test_certificate_is_made_where_none_is_kept(tmp_path: Path):
    assert own_certificate(str(tmp_path / "none")).certificate.startswith("-----BEGIN CERTIFICATE-----")
    assert own_certificate(None) != make_certificate()

"""A child's port is held for it before it starts: a program that shares no address finds it taken."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

import aiohttp
import pytest

from localcloud.core.errors import ApiError
from localcloud.core.identity.tokens import Tokens
from localcloud.runtime.emulators.emulator import Emulator
from localcloud.runtime.emulators.recipes import FIRESTORE, EmulatorUnavailable
from localcloud.runtime.function_process import FunctionProcess, Revision
from localcloud.runtime.serving.command import Command
from localcloud.runtime.serving.server import ModelServer, ServerPlan

if TYPE_CHECKING:
    from pathlib import Path

TAKEN = "Address already in use"
# It binds the port that it is told without SO_REUSEADDR, as nobody else could do either.
PROGRAM = """\
#!{python}
import os, socket, sys
told = [word.partition("=")[2] for word in sys.argv if word.startswith("--port=")]
socket.socket().bind(("127.0.0.1", int(told[0] if told else os.environ["PORT"])))
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "bin" / "java"
    path.parent.mkdir()
    path.write_text(PROGRAM.format(python=sys.executable))
    path.chmod(0o755)
    return path


async def test_an_emulators_port_is_held(program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sdk = tmp_path / "platform" / "cloud-firestore-emulator"
    sdk.mkdir(parents=True)
    (sdk / "cloud-firestore-emulator.jar").touch()
    monkeypatch.setenv("PATH", str(program.parent))
    monkeypatch.setenv("CLOUDSDK_ROOT_DIR", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)

    with pytest.raises(EmulatorUnavailable, match=TAKEN):
        await Emulator(FIRESTORE, tmp_path / "emulator.log", tmp_path).start()


async def test_a_functions_port_is_held(program: Path, tmp_path: Path) -> None:
    revision = Revision(
        service="bound",
        revision="bound-00001",
        region="europe-west4",
        entry_point="main",
        signature="http",
        source=tmp_path,
        interpreter=program,
        service_account="someone@demo.iam.gserviceaccount.com",
        threads=1,
        timeout_seconds=5,
        environment={},
        log=tmp_path / "function.log",
    )
    tokens = Tokens.open(tmp_path, project="demo", token_uri="http://127.0.0.1:9/token")  # noqa: S106 - an address
    process = FunctionProcess(revision, tokens, project="demo", project_number="12")

    with pytest.raises(ApiError, match=TAKEN):
        await process.url()
    await process.stop()


async def test_a_model_servers_port_is_held(program: Path, tmp_path: Path) -> None:
    async def command(port: int) -> Command:
        return Command(argv=(str(program), f"--port={port}"), env={}, cwd=tmp_path)

    plan = ServerPlan(label="one", command=command, predict_route="/p", health_route="/h", log=tmp_path / "server.log")
    async with aiohttp.ClientSession() as session:
        with pytest.raises(ApiError, match=TAKEN):
            await ModelServer(plan, session, asyncio.Semaphore()).start_and_wait()

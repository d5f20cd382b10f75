"""Model servers of a cloud with hundreds of deployed models."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

import aiohttp

from localcloud.runtime.serving.command import Command
from localcloud.runtime.serving.server import ModelServer, ServerPlan

if TYPE_CHECKING:
    from pathlib import Path


async def test_servers_whose_turn_to_start_has_not_come_cost_nothing_at_the_end(tmp_path: Path):
    count = 100
    asked: list[int] = []
    all_asked = asyncio.Event()

    async def command(port: int) -> Command:
        asked.append(port)
        if len(asked) == count:
            all_asked.set()
        return Command((sys.executable, "-c", ""), env={}, cwd=tmp_path)

    def plan(number: int) -> ServerPlan:
        return ServerPlan(
            label=f"server {number}",
            command=command,
            predict_route="/predict",
            health_route="/health",
            log=tmp_path / "logs" / f"{number}.log",  # made when the process is
        )

    turns = asyncio.Semaphore(0)
    async with aiohttp.ClientSession() as session:
        servers = [ModelServer(plan(number), session, turns) for number in range(count)]
        for server in servers:
            server.start()
        await all_asked.wait()
        await asyncio.gather(*(server.stop() for server in servers))

    assert len(asked) == count
    assert not (tmp_path / "logs").exists()

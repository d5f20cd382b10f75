"""The process that is the local cloud: takes the ports, starts the services, listens, and ends without a trace."""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import shutil
import signal
import sys
from typing import TYPE_CHECKING

import msgspec

from localcloud.core.cloud import Cloud
from localcloud.core.config import LOG_FILE, Config
from localcloud.core.ports import PortsError
from localcloud.front.access_log import AccessLog
from localcloud.front.admin import Admin
from localcloud.front.gateway import Gateway
from localcloud.front.listeners import Listeners
from localcloud.front.outages import Outages
from localcloud.front.rpc import RpcGateway
from localcloud.front.rpc_checks import RpcChecks
from localcloud.runtime.emulators.emulator import EmulatorUnavailable
from localcloud.services.build import build_services

if TYPE_CHECKING:
    from collections.abc import Callable
    from io import TextIOWrapper
    from pathlib import Path

PID_FILE = "localcloud.pid"


class StateBusyError(Exception):
    """Another local cloud runs on the state directory."""


def main(descriptor: int) -> None:
    """Run the cloud that the JSON on standard input describes; say on the descriptor when it is ready, or why not."""
    config = msgspec.json.decode(sys.stdin.buffer.read(), type=Config, dec_hook=lambda kind, value: kind(value))
    with os.fdopen(descriptor, "w") as starter:

        def ready() -> None:
            starter.write("ready\n")
            starter.close()

        try:
            run(config, ready)
        except (StateBusyError, PortsError, EmulatorUnavailable, OSError) as error:
            if starter.closed:
                raise
            starter.write(f"{error}\n")
            sys.exit(2)


def run(config: Config, ready: Callable[[], None]) -> None:
    """Run a cloud until SIGTERM or SIGINT.

    Raises StateBusyError, PortBusyError or EmulatorUnavailable before it is ready; then nothing is left running.
    """
    config.state_dir.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(
        filename=config.state_dir / LOG_FILE,
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )
    with (config.state_dir / PID_FILE).open("a+") as pid_file:
        _claim(pid_file, config.state_dir)
        try:
            asyncio.run(_serve(config, ready))
        finally:
            (config.state_dir / PID_FILE).unlink(missing_ok=True)
            if config.is_state_temporary:
                shutil.rmtree(config.state_dir, ignore_errors=True)


def _claim(pid_file: TextIOWrapper, state_dir: Path) -> None:
    try:
        fcntl.flock(pid_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        pid_file.seek(0)
        raise StateBusyError(
            f"cannot use the state directory {state_dir}: process {pid_file.read().strip()} uses it; "
            "end it with `localcloud down --state` or take another directory"
        ) from None
    pid_file.truncate(0)
    pid_file.write(str(os.getpid()))
    pid_file.flush()


def _end_with(pid: int, asked_to_end: asyncio.Event) -> None:
    """Ask the cloud to end when that process ends, also when it is killed: the kernel makes its descriptor readable."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        asked_to_end.set()
        return
    asyncio.get_running_loop().add_reader(descriptor, asked_to_end.set)


async def _serve(config: Config, ready: Callable[[], None]) -> None:
    asked_to_end = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, asked_to_end.set)
    if config.end_with is not None:
        _end_with(config.end_with, asked_to_end)
    cloud = Cloud(config)
    access_log = AccessLog(config.state_dir / "access.jsonl")
    try:
        cloud.ports.reserve()
        cloud.open()
        services = build_services(cloud)
        gateway = Gateway(cloud, services)
        rpc = RpcGateway(services, RpcChecks(cloud, services), cloud.switches.until_healed)
        listeners = Listeners(cloud, gateway, access_log, rpc)
        gateway.add_routes(Admin(cloud, services, Outages(cloud, services, listeners)).routes(), "localcloud")
        try:
            await services.start()
            await rpc.start()
            cloud.gateway = gateway
            await listeners.open()
            ready()
            await asked_to_end.wait()
        finally:
            await listeners.close()
            await rpc.stop()
            await services.stop()
    finally:
        await cloud.close()
        cloud.ports.release()
        access_log.close()


if __name__ == "__main__":
    main(int(sys.argv[1]))

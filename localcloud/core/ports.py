"""The ports of one cloud lie side by side, and each must be free."""

from __future__ import annotations

import os

from localcloud.core.config import HOST, PUBSUB_PORT_OFFSET

HIGHEST_PORT_BASE = 65535 - PUBSUB_PORT_OFFSET


class PortBusyError(Exception):
    """A port of the cloud is taken."""

    def __init__(self, port: int, error: OSError) -> None:
        why = os.strerror(error.errno) if error.errno else str(error)
        super().__init__(
            f"cannot listen on {HOST}:{port}: {why}; `localcloud down` ends a cloud that is still running there, "
            "--port-base takes other ports"
        )

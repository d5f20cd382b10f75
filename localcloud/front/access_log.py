"""Every request that the local cloud got: one JSON line each in the state directory."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from pathlib import Path

    from aiohttp import web


class AccessLog:
    """Appends to one file; a line is there before its answer's connection ends."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab", buffering=0)

    def write(self, request: web.Request, host: str, status: int | str, seconds: float) -> None:
        """Append one request with its outcome: an HTTP status, or `aborted`; what ends after the file is not told."""
        if self._file.closed:
            return
        line = {
            "at": round(time.time(), 6),
            "host": host,
            "http_method": request.method,
            "path": request.raw_path,
            "status": status,
            "ms": round(seconds * 1000, 2),
            "method": request.get("localcloud.method"),
            "principal": request.get("localcloud.principal"),
            "agent": request.headers.get("User-Agent"),
        }
        self._file.write(msgspec.json.encode(line) + b"\n")

    def close(self) -> None:
        """Close the file; repeating is safe."""
        self._file.close()

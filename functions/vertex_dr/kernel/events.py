"""Events: a dotted name and fields, one JSON line in Cloud Logging's structure.

Structure: https://cloud.google.com/logging/docs/structured-logging (severity, message, labels as top-level fields).
"""

from __future__ import annotations

import sys
from typing import TextIO

import msgspec


def emit(event: str, *, severity: str = "INFO", stream: TextIO | None = None, **fields: object) -> None:
    """Write the event as one JSON line; repeating writes it again."""
    line = {"severity": severity, "message": event, "event": event, **fields}
    out = stream or sys.stderr
    out.write(msgspec.json.encode(line, enc_hook=str).decode() + "\n")
    out.flush()

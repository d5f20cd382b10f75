"""One drill at a time in a folder: a second one would clear away what the first one works with."""

from __future__ import annotations

import fcntl
import os
from typing import IO, TYPE_CHECKING

from vertex_dr.kernel.errors import Refused

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["lock_folder"]


def lock_folder(folder: Path) -> IO[str]:
    """Return the folder's lock, held until it is closed or this process has ended.

    Raises Refused, naming the process, while another drill works there.
    """
    lock = (folder / "drill.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        holder = lock.read().strip()
        lock.close()
        raise Refused(
            f"run a drill in {folder}",
            found=f"process {holder} runs one there",
            then="wait until it has ended, or give another --folder",
        ) from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock

"""One drill a folder: what a second one would clear away is the first one's."""

from __future__ import annotations

import fcntl
import os
from typing import IO, TYPE_CHECKING

from vertex_dr.kernel.errors import Refused

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["lock_folder"]


def lock_folder(folder: Path) -> IO[str]:
    """Return the open lock of the folder; it is this process's until that ends, however it ends.

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

"""Which of the project's files a run really enters: the measure behind the ways through the house."""

from __future__ import annotations

import inspect
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

ROOT = Path(__file__).parents[1]


@contextmanager
def opened_files(*rooms: str) -> Iterator[list[str]]:
    """
    Yield a list that grows by the files below rooms whose functions run, by their first call, until the block ends.

    Paths are relative to the repository. What only runs when a module is imported (its top level, class bodies), and
    constructors, which keep what they are given, are not entered. Threads that start inside the block are followed;
    other processes are not.
    """
    seen: set[str] = set()
    files: list[str] = []
    rooted = {str(ROOT / room) for room in rooms}

    def profile(frame: FrameType, event: str, _arg: Any) -> None:
        code = frame.f_code
        is_entered = event == "call" and code.co_flags & inspect.CO_OPTIMIZED and code.co_name != "__init__"
        if is_entered and code.co_filename not in seen and code.co_filename.startswith(tuple(rooted)):
            seen.add(code.co_filename)
            files.append(str(Path(code.co_filename).relative_to(ROOT)))

    threading.setprofile(profile)
    sys.setprofile(profile)
    try:
        yield files
    finally:
        sys.setprofile(None)
        threading.setprofile(None)

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from drill.folder_lock import lock_folder
from vertex_dr.kernel.errors import Refused

if TYPE_CHECKING:
    from pathlib import Path


def test_a_second_drill_in_the_same_folder_is_refused_and_told_whose_it_is(tmp_path: Path) -> None:
    with lock_folder(tmp_path), pytest.raises(Refused, match=f"process {os.getpid()} runs one there"):
        lock_folder(tmp_path)


def test_the_folder_is_free_again_once_the_drill_has_ended(tmp_path: Path) -> None:
    lock_folder(tmp_path).close()

    with lock_folder(tmp_path) as lock:
        assert not lock.closed

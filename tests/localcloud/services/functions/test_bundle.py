"""Archives become folders, once for each content, also when many ask at once."""

from __future__ import annotations

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from localcloud.core.errors import ApiError
from localcloud.services.functions.bundle import unpack

if TYPE_CHECKING:
    from pathlib import Path


def zipped(**files: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as opened:
        for name, content in files.items():
            opened.writestr(name.replace("__", "/").replace("_py", ".py"), content)
    return packed.getvalue()


def test_ten_functions_of_one_archive_share_a_folder(tmp_path: Path) -> None:
    archive = zipped(main_py="from house import probe", house__x_py="x = 1")

    def build(_: int) -> Path:
        return unpack(archive, entry_point="probe", origin="gs://b/o", into=tmp_path)

    with ThreadPoolExecutor(10) as pool:
        folders = set(pool.map(build, range(10)))

    assert len(folders) == 1
    assert [entry.name for entry in tmp_path.iterdir()] == [folder.name for folder in folders]
    assert (folders.pop() / "house" / "x.py").read_text() == "x = 1"


@pytest.mark.parametrize(
    "main",
    [
        "def probe(request): ...",
        "from house import check as probe",
        "probe = make()",
        "async def probe(request): ...",
        "globals().update({name: make(name) for name in NAMES})",
        "from house import *",
        "def __getattr__(name): ...",
    ],
)
def test_entry_point_is_found_however_it_is_defined(tmp_path: Path, main: str) -> None:
    folder = unpack(zipped(main_py=main), entry_point="probe", origin="gs://b/o", into=tmp_path)

    assert (folder / "main.py").read_text() == main


def test_archive_that_reaches_outside_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ApiError, match="lies outside the archive"):
        unpack(zipped(**{"..__evil_py": ""}), entry_point="probe", origin="gs://b/o", into=tmp_path / "into")

    assert not (tmp_path / "evil.py").exists()

from __future__ import annotations

import site
import subprocess
import sys
import zipfile
from pathlib import Path

PACKAGE = Path("scripts/package").resolve()


def package(target: Path) -> None:
    subprocess.run([sys.executable, PACKAGE, target], check=True)


def test_the_same_sources_give_the_same_bundle(tmp_path: Path) -> None:
    package(tmp_path / "one.zip")
    package(tmp_path / "two.zip")

    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_the_bundle_is_the_folder_without_caches(tmp_path: Path) -> None:
    package(tmp_path / "bundle.zip")

    names = set(zipfile.ZipFile(tmp_path / "bundle.zip").namelist())
    assert {"main.py", "requirements.txt", "vertex_dr/kernel/errors.py"} <= names
    assert not [name for name in names if "__pycache__" in name or name.startswith(".")]


def test_the_bundle_has_nothing_of_the_drill_and_its_commands_go_without(tmp_path: Path) -> None:
    """Libraries are linked one by one, without this checkout's own installation: what an instance of the bundle has."""
    package(tmp_path / "bundle.zip")
    zipfile.ZipFile(tmp_path / "bundle.zip").extractall(tmp_path / "bundle")
    (tmp_path / "libraries").mkdir()
    for library in Path(site.getsitepackages()[0]).iterdir():
        if "vertex_dr" not in library.name:
            (tmp_path / "libraries" / library.name).symlink_to(library)

    ended = subprocess.run(
        [sys.executable, "-S", "-m", "vertex_dr.cli.main", "--help"],
        env={"PYTHONPATH": f"{tmp_path / 'bundle'}:{tmp_path / 'libraries'}"},
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )

    assert ended.returncode == 0, ended.stderr
    assert "fail-over" in ended.stdout
    assert "drill" not in ended.stdout
    assert not [path for path in (tmp_path / "bundle").rglob("*") if "drill" in path.name]


def test_more_than_one_target_is_a_usage_line(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, PACKAGE, "a", "b"], capture_output=True, text=True, check=False, cwd=tmp_path
    )

    assert (ended.returncode, ended.stderr) == (2, "usage: scripts/package [ZIP]\n")

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from localcloud.terraform_provider.setup import write_configuration, write_mirror, write_schema
from tests.terraform_provider.conftest import BUILD

if TYPE_CHECKING:
    from pathlib import Path


def placed(into: Path) -> Path:
    (found,) = (into / "mirror").rglob("terraform-provider-google_v*")
    return found


def test_extract_is_made_once(stand_in: Path):
    assert stand_in.parent == BUILD

    assert not write_schema(BUILD)


def test_repeated_set_up_changes_nothing_that_a_lock_file_knows(tmp_path: Path):
    write_mirror(tmp_path)
    before = placed(tmp_path).read_bytes()

    write_mirror(tmp_path)

    assert placed(tmp_path).read_bytes() == before


def test_paths_with_blanks_are_quoted(tmp_path: Path):
    write_mirror(tmp_path / "a folder; with 'quotes'")

    script = tmp_path / "a folder; with 'quotes'" / "launcher"
    assert subprocess.run(["sh", "-n", str(script)], check=False).returncode == 0


def test_mirror_can_hold_another_provider(tmp_path: Path):
    binary = tmp_path / "binary"
    binary.touch()

    configuration = write_configuration(tmp_path, binary, "7.45.0")

    assert placed(tmp_path).name == "terraform-provider-google_v7.45.0"
    assert placed(tmp_path).resolve() == binary
    assert str(tmp_path / "mirror") in configuration.read_text()

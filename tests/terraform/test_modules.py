"""Each module and environment is formatted, valid, and passes its own tests."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.terraform.tree import Tree

TERRAFORM = Path(__file__).parents[2] / "terraform"
FOLDERS = sorted(p.parent.relative_to(TERRAFORM).as_posix() for p in TERRAFORM.glob("*/*/versions.tf"))
WANTED = {"README.md", "versions.tf", "variables.tf", "outputs.tf"}
CALLS_OF_SIDE = {"envs/dr", "envs/primary"}  # what they make is tested where it is written: modules/side


def test_everything_is_formatted() -> None:
    found = subprocess.run(
        ["terraform", "fmt", "-check", "-recursive", str(TERRAFORM)], capture_output=True, text=True, check=False
    )

    assert found.returncode == 0, f"make format formats {found.stdout}"


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_folder_has_the_furniture_of_every_module(folder: str) -> None:
    names = {path.name for path in (TERRAFORM / folder).iterdir()}

    assert names >= WANTED - ({"variables.tf"} if folder == "modules/functions" else set())  # a table takes nothing
    assert folder in CALLS_OF_SIDE or list((TERRAFORM / folder / "tests").glob("*.tftest.hcl"))
    if folder.startswith("modules/"):
        assert list((TERRAFORM / folder / "examples").glob("*/main.tf"))


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_folder_is_valid_and_passes_its_own_tests(tree: Tree, folder: str) -> None:
    tree.initialise(folder)

    tree.run(folder, "validate", "-no-color")
    if folder in CALLS_OF_SIDE:
        return
    tested = tree.run(folder, "test", "-no-color")

    assert "Success!" in tested.stdout
    assert "Warning" not in tested.stdout + tested.stderr

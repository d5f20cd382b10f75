"""primary and dr are twins, and neither ever asks for the other."""

from __future__ import annotations

import difflib
import re
import subprocess
from pathlib import Path

import pytest

ENVIRONMENTS = Path(__file__).parents[2] / "terraform" / "envs"
ALLOWED = {"backend.tf", "terraform.tfvars"}
MADE = {".terraform", ".terraform.lock.hcl"}


def files(side: str) -> dict[str, str]:
    """Return the files of the side by their path in it."""
    root = ENVIRONMENTS / side
    paths = [p for p in root.rglob("*") if p.is_file() and not MADE & set(p.relative_to(root).parts)]
    return {p.relative_to(root).as_posix(): p.read_text() for p in paths if p.suffix != ".tfplan"}


def changed_lines(name: str) -> list[str]:
    """Return the lines of the file that are primary's or dr's alone."""
    primary, dr = (files(side)[name].splitlines() for side in ("primary", "dr"))
    return [line for line in difflib.ndiff(primary, dr) if line.startswith(("- ", "+ "))]


def test_the_twins_have_the_same_files() -> None:
    assert files("primary").keys() == files("dr").keys()


@pytest.mark.parametrize("name", sorted(files("primary").keys() - ALLOWED))
def test_a_file_that_may_not_differ_is_the_same_byte_for_byte(name: str) -> None:
    if name == "README.md":  # its title, which scripts/render_module_docs.py writes, is the folder
        assert changed_lines(name) == ["- # envs/primary", "+ # envs/dr"]
        return

    assert files("primary")[name] == files("dr")[name]


def test_the_values_differ_in_the_side_alone() -> None:
    assert changed_lines("terraform.tfvars") == ['- side = "primary"', '+ side = "dr"']


def test_the_states_differ_in_bucket_and_prefix_alone() -> None:
    lines = changed_lines("backend.tf")

    assert {re.sub(r'".*"', '""', line[2:]) for line in lines} == {'    bucket = ""', '    prefix = ""'}


def test_a_side_is_one_call_of_the_module_and_makes_nothing_else() -> None:
    code = "\n".join(text for name, text in files("primary").items() if name.endswith(".tf"))

    assert re.findall(r"^(?:resource|data|module|locals)\b.*", code, re.MULTILINE) == ['module "side" {']


def test_a_side_reads_nothing_at_all() -> None:
    modules = ENVIRONMENTS.parent / "modules"
    code = "\n".join(path.read_text() for path in modules.glob("*/*.tf"))

    assert not re.search(r"^\s*data\s+\"", code, re.MULTILINE)
    assert "terraform_remote_state" not in code


def test_the_code_of_a_side_names_no_region() -> None:
    code = [*ENVIRONMENTS.glob("primary/*.tf"), *(ENVIRONMENTS.parent / "modules" / "side").glob("*.tf")]

    assert [p.name for p in code if p.name not in ALLOWED and re.search(r"europe-west\d", p.read_text())] == []


@pytest.mark.parametrize("environment", ["global", "primary", "dr"])
def test_the_state_lives_in_the_bucket_that_bootstrap_makes(environment: str) -> None:
    root = ENVIRONMENTS.parents[1]
    backend = (ENVIRONMENTS / environment / "backend.tf").read_text()
    bucket = re.search(r'bucket = "(.*)"', backend)
    code = (
        "import sys; sys.path.insert(0, 'scripts'); import state_buckets as s;"
        f"print(s.state_buckets(s.parse(['demo']))[{environment!r}].name)"
    )
    made = subprocess.run(
        [root / ".venv" / "bin" / "python", "-c", code], cwd=root, capture_output=True, text=True, check=True
    )

    assert bucket
    assert bucket[1] == made.stdout.strip()

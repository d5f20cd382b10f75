"""The README's commands work as written: every bash block is run, in order, as a newcomer would."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from vertex_dr.kernel import errors
from vertex_dr.kernel.verdict import Verdict

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"(?ms)^```bash\n(.*?)^```", README)


@pytest.mark.drill
@pytest.mark.parametrize("block", BLOCKS, ids=[b.strip().splitlines()[0] for b in BLOCKS])
def test_a_command_of_the_readme_works_as_written(block: str) -> None:
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )

    assert ran.returncode == 0, f"{block}\n{ran.stdout[-3000:]}\n{ran.stderr[-3000:]}"


def test_every_path_that_the_readme_links_or_names_exists() -> None:
    linked = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    named = re.findall(r"`((?:scripts|docs|terraform|localcloud|functions)/[A-Za-z0-9_./-]+)`", README)

    missing = [p for p in {*linked, *named} if not (ROOT / p).exists()]

    assert linked
    assert not missing


def test_every_make_target_that_the_readme_names_exists() -> None:
    makefiles = "".join(p.read_text() for p in [ROOT / "Makefile", *ROOT.glob("make/*.mk")])
    targets = set(re.findall(r"(?m)^([a-z-]+):", makefiles))

    assert set(re.findall(r"(?m)(?:^(?:! )?|`)make ([a-z][a-z-]+)", README)) <= targets


def test_the_exit_codes_of_the_readme_are_those_of_the_errors_and_verdicts() -> None:
    table = {int(code) for code in re.findall(r"(?m)^\| (\d) \|", README)}
    used = {getattr(errors, name).exit_code for name in errors.__all__} | {v.exit_code for v in Verdict}

    assert used <= table

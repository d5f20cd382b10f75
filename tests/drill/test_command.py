"""`vertex-dr drill` refuses what cannot run in one line, before it starts anything."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

VERTEX_DR = Path(sys.executable).with_name("vertex-dr")


def drill(*arguments: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME"}}
    return subprocess.run(
        [VERTEX_DR, "drill", *arguments], capture_output=True, text=True, check=False, cwd=cwd, env=kept | environment
    )


def test_an_unknown_sabotage_is_usage_and_lists_the_names() -> None:
    ended = drill("--sabotage", "meteor")

    assert ended.returncode == 2
    assert "model-not-replicated" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_drill_outside_a_checkout_says_where_to_go(tmp_path: Path) -> None:
    ended = drill(cwd=tmp_path)

    assert ended.returncode == 2
    assert "terraform/envs/global" in ended.stderr


def test_a_drill_without_terraform_says_what_to_install(tmp_path: Path) -> None:
    ended = drill(PATH=str(tmp_path))

    assert ended.returncode == 5
    assert "terraform (install Terraform 1.9 or later)" in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_state_that_was_never_saved_is_refused(tmp_path: Path) -> None:
    ended = drill("--from", str(tmp_path), "--folder", str(tmp_path / "out"))

    assert ended.returncode == 2
    assert "--save-provisioned" in ended.stderr


def test_a_damaged_saved_state_is_named_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "drill.json").write_text('{"schema": 1}')

    ended = drill("--from", str(tmp_path), "--folder", str(tmp_path / "out"))

    assert ended.returncode == 2
    assert f"{tmp_path}/drill.json" in ended.stderr

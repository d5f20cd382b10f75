"""An operator's shell gets a side's settings, or one line that says why not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "scripts" / "settings"
STATE = {
    "version": 4,
    "terraform_version": "1.9.0",
    "serial": 1,
    "lineage": "11111111-1111-1111-1111-111111111111",
    "outputs": {
        "settings": {
            "value": {"VERTEX_DR_SIDE": "dr", "VERTEX_DR_SIDES": '{"dr":"it\'s"}'},
            "type": ["map", "string"],
        }
    },
    "resources": [],
    "check_results": None,
}


def test_settings_survive_the_shell(tmp_path: Path) -> None:
    (tmp_path / "dr").mkdir()
    (tmp_path / "dr" / "terraform.tfstate").write_text(json.dumps(STATE))

    told = subprocess.run(
        ["bash", "-c", f'eval "$({SCRIPT} dr --envs {tmp_path})"; echo "$VERTEX_DR_SIDE $VERTEX_DR_SIDES"'],
        env={k: v for k, v in os.environ.items() if not k.startswith("VERTEX_DR")},
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout == 'dr {"dr":"it\'s"}\n'


def test_a_side_that_was_never_applied_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "primary").mkdir()

    refused = subprocess.run([SCRIPT, "primary", "--envs", tmp_path], capture_output=True, text=True, check=False)

    assert refused.returncode == 2
    assert refused.stderr.startswith("settings: cannot read the settings of primary (")
    assert f"apply {tmp_path / 'primary'} first" in refused.stderr


def test_a_machine_without_terraform_says_what_to_install(tmp_path: Path) -> None:
    refused = subprocess.run(
        [sys.executable, SCRIPT, "dr"], capture_output=True, text=True, check=False, env={"PATH": str(tmp_path)}
    )

    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "install Terraform 1.9 or later" in refused.stderr


def test_a_third_side_is_refused() -> None:
    refused = subprocess.run([SCRIPT, "witness"], capture_output=True, text=True, check=False)

    assert refused.returncode == 2
    assert "invalid choice: 'witness'" in refused.stderr

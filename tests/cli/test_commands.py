from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from vertex_dr.cli.main import app
from vertex_dr.cli.reference import reference

VERTEX_DR = Path(sys.executable).with_name("vertex-dr")
COMMANDS = (
    "status",
    "observe",
    "diff",
    "plan",
    "replicate",
    "verify",
    "fail-over",
    "fail-back",
    "hold",
    "release",
    "drill",
    "preflight",
)
SIDES = {
    side: {
        "region": region,
        "staging_bucket": f"demo-vdr-staging-{region}",
        "image_repository": "vdr-images",
        "pipeline_repository": "vdr-pipelines",
        "endpoint": "1",
    }
    for side, region in (("primary", "europe-west4"), ("dr", "europe-west1"))
}
# Every setting is there, and nothing listens at the addresses.
NOBODY_THERE = {
    "VERTEX_DR_PROJECT": "demo",
    "VERTEX_DR_SIDE": "primary",
    "VERTEX_DR_SERVICE": "diagnosis",
    "VERTEX_DR_SIDES": json.dumps(SIDES),
    "VERTEX_DR_ARTIFACT_BUCKET": "demo-vdr-artifacts",
    "VERTEX_DR_SELECTOR_DATABASE": "vdr-selector",
    "VERTEX_DR_SELECTOR_SECRET": "vdr-selector-diagnosis",
}


def vertex_dr(*arguments: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME"}}
    return subprocess.run(
        [VERTEX_DR, *arguments], capture_output=True, text=True, check=False, cwd=cwd, env=kept | environment
    )


def test_the_reference_is_current() -> None:
    assert Path("docs/cli.md").read_text() == reference(), "run python -m vertex_dr.cli.reference docs/cli.md"


def test_every_command_of_the_operator_is_there() -> None:
    assert tuple(command.name for command in app.registered_commands) == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_answers_in_json_on_demand(command: str) -> None:
    assert "--json" in Path("docs/cli.md").read_text().split(f"## vertex-dr {command}\n")[1].split("\n## ")[0]


def test_missing_settings_are_one_line_that_names_them_all() -> None:
    ended = vertex_dr("status")

    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert all(name in ended.stderr for name in NOBODY_THERE)


def test_an_unknown_side_is_usage() -> None:
    ended = vertex_dr("observe", "--side", "europe-west9", **NOBODY_THERE)

    assert ended.returncode == 2
    assert "europe-west9" in ended.stderr

"""Every sabotage fails its drill by name. All start from states that are saved once, and make few predictions."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from drill.sabotage import Sabotage

VERTEX_DR = Path(sys.executable).with_name("vertex-dr")
EXIT_FAIL = 4
# Those that break replication start before it, the others after it.
BEFORE_REPLICATION = {
    Sabotage.PLAN_NOT_EMPTY, Sabotage.MODEL_NOT_REPLICATED, Sabotage.IMAGE_NOT_MIRRORED, Sabotage.ARTIFACT_CORRUPTED
}  # fmt: skip

pytestmark = pytest.mark.drill


def drill(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([VERTEX_DR, "drill", *arguments], capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def provisioned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("provisioned")
    ended = drill("--save-provisioned", folder)
    assert ended.returncode == 0, ended.stderr
    return folder


@pytest.fixture(scope="session")
def replicated(provisioned: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("replicated")
    ended = drill("--from", provisioned, "--save-provisioned", folder)
    assert ended.returncode == 0, ended.stderr
    return folder


@pytest.mark.parametrize("sabotage", list(Sabotage))
def test_a_sabotaged_drill_fails_by_name(sabotage: Sabotage, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    start = request.getfixturevalue("provisioned" if sabotage in BEFORE_REPLICATION else "replicated")

    ended = drill("--from", start, "--sabotage", sabotage.value, "--predictions", "300", "--folder", tmp_path)

    assert ended.returncode == EXIT_FAIL, ended.stdout + ended.stderr
    report = json.loads((tmp_path / "report.json").read_text())
    assert (report["verdict"], report["sabotage"]) == ("FAIL", sabotage.value)
    assert sabotage.value in {f["fault"] for f in report["findings"] if f["verdict"] == "FAIL"}
    assert not (tmp_path / "processes.json").exists()

"""What training writes: the golden values are the library's own, and wrong use is a line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import joblib
import pytest

TRAINING = Path("examples/diagnosis/training.py").resolve()


def training(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, TRAINING, *arguments], capture_output=True, text=True, check=False)


def test_each_version_has_the_golden_values_of_its_own_model(tmp_path: Path) -> None:
    ended = training(tmp_path, "weak=0.05", "strong=1")

    assert ended.returncode == 0, ended.stderr
    golden = {name: json.loads((tmp_path / name / "golden.json").read_text()) for name in ("weak", "strong")}
    for name, values in golden.items():
        model = joblib.load(tmp_path / name / "artifact" / "model.joblib")
        assert model.predict_proba(values["instances"]).tolist() == values["predictions"]
    assert golden["weak"]["predictions"] != golden["strong"]["predictions"]


@pytest.mark.parametrize("versions", [[], ["first"], ["first="]])
def test_a_version_without_its_regularisation_is_a_usage_line(versions: list[str], tmp_path: Path) -> None:
    ended = training(tmp_path, *versions)

    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert "NAME=REGULARISATION" in ended.stderr

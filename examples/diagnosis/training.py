#!/usr/bin/env python3
"""Train versions of the diagnosis model: the artifact that is served, golden values, and a held-out set.

Usage: examples/diagnosis/training.py FOLDER NAME=REGULARISATION…
Golden values come from scikit-learn at training and from nowhere else, so an endpoint can never confirm itself.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import joblib
import sklearn
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

__all__ = ["GOLDEN_INSTANCES", "TOLERANCE", "main", "train"]

GOLDEN_INSTANCES = 12
TOLERANCE = 1e-6


def train(folder: Path, name: str, *, regularisation: float) -> None:
    """Make folder/name hold the version's artifact, golden values and held-out set; repeating it is safe."""
    features, labels = load_breast_cancer(return_X_y=True)
    train_x, held_x, train_y, held_y = train_test_split(
        features, labels, test_size=0.25, random_state=7, stratify=labels
    )
    estimator = make_pipeline(StandardScaler(), LogisticRegression(C=regularisation, max_iter=500))
    estimator.fit(train_x, train_y)
    accuracy = float(estimator.score(held_x, held_y))
    golden = held_x[:GOLDEN_INSTANCES]
    artifact = folder / name / "artifact"
    artifact.mkdir(parents=True, exist_ok=True)
    joblib.dump(estimator, artifact / "model.joblib")
    _write(
        artifact / "metadata.json",
        {
            "name": name,
            "estimator": "StandardScaler, LogisticRegression",
            "regularisation": regularisation,
            "held_out_accuracy": accuracy,
            "scikit_learn": sklearn.__version__,
        },
    )
    _write(
        folder / name / "golden.json",
        {
            "schema": 1,
            "instances": golden.tolist(),
            "predictions": estimator.predict_proba(golden).tolist(),
            "tolerance": TOLERANCE,
        },
    )
    _write(
        folder / name / "held_out.json",
        {"schema": 1, "instances": held_x.tolist(), "labels": held_y.tolist(), "accuracy": accuracy},
    )


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=1) + "\n")


def main(arguments: list[str]) -> int:
    """Train every version that is named; return the exit code."""
    versions = [argument.partition("=") for argument in arguments[1:]]
    if not versions or not all(regularisation for _, _, regularisation in versions):
        sys.stderr.write("usage: examples/diagnosis/training.py FOLDER NAME=REGULARISATION…\n")
        return 2
    for name, _, regularisation in versions:
        train(Path(arguments[0]), name, regularisation=float(regularisation))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

#!/usr/bin/env python3
"""Train the models of the diagnosis service: `examples/diagnosis/training.py FOLDER`.

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

__all__ = ["GOLDEN_INSTANCES", "REGULARISATION", "TOLERANCE", "main", "train"]

# Version by version in the order of registration: different regularisation, so different probabilities on any instance.
REGULARISATION = {"first": 0.05, "second": 1.0, "third": 3.0, "fourth": 0.3}
GOLDEN_INSTANCES = 12
TOLERANCE = 1e-6


def train(name: str, folder: Path) -> None:
    """Make folder hold the version's artifact, its golden values and its held-out set; repeating it is safe."""
    features, labels = load_breast_cancer(return_X_y=True)
    train_x, held_x, train_y, held_y = train_test_split(
        features, labels, test_size=0.25, random_state=7, stratify=labels
    )
    estimator = make_pipeline(StandardScaler(), LogisticRegression(C=REGULARISATION[name], max_iter=500))
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
            "regularisation": REGULARISATION[name],
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
    """Train every version into the folder that is named; return the exit code."""
    if len(arguments) != 1:
        sys.stderr.write("usage: examples/diagnosis/training.py FOLDER\n")
        return 2
    for name in REGULARISATION:
        train(name, Path(arguments[0]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

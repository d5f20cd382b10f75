"""The training pipeline of the diagnosis service; `scripts/build-pipeline` compiles it into build/pipelines/.

The compiler reads annotations as objects and a component's body as text: no postponed annotations, imports inside.
"""

import sys

from kfp import compiler, dsl


@dsl.component(base_image="python:3.11-slim", packages_to_install=["scikit-learn==1.9.1", "joblib==1.6.0"])
def train(regularisation: float, model: dsl.Output[dsl.Model], metrics: dsl.Output[dsl.Metrics]) -> None:
    """Train the classifier and write it with its held-out accuracy."""
    from pathlib import Path

    import joblib
    from sklearn.datasets import load_breast_cancer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import train_test_split
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    features, labels = load_breast_cancer(return_X_y=True)
    train_x, held_x, train_y, held_y = train_test_split(
        features, labels, test_size=0.25, random_state=7, stratify=labels
    )
    estimator = make_pipeline(StandardScaler(), LogisticRegression(C=regularisation, max_iter=500))
    estimator.fit(train_x, train_y)
    metrics.log_metric("held_out_accuracy", float(estimator.score(held_x, held_y)))
    Path(model.path).mkdir(parents=True, exist_ok=True)
    joblib.dump(estimator, Path(model.path) / "model.joblib")


@dsl.pipeline(name="diagnosis-training", description="Trains the diagnosis model and keeps its held-out accuracy.")
def diagnosis_training(regularisation: float = 1.0) -> None:
    """Train once, with the given regularisation."""
    train(regularisation=regularisation)


if __name__ == "__main__":
    compiler.Compiler().compile(diagnosis_training, package_path=sys.argv[1])

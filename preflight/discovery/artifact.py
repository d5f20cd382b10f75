"""The smallest artifact that Google's prebuilt scikit-learn image serves: a model that always answers the same."""

from __future__ import annotations

import io
from typing import Any

from vertex_dr.kernel.errors import NotFound

__all__ = ["ARTIFACT", "artifact"]

ARTIFACT = ("model.joblib",)


def artifact() -> dict[str, bytes]:
    """Return the files by name. Raises NotFound where the libraries that write it are not installed."""
    try:
        import joblib  # noqa: PLC0415 - half a second that only discovering need wait
        from sklearn.dummy import DummyRegressor  # noqa: PLC0415 - likewise
    except ImportError as exc:
        raise NotFound("make a scratch model", found=f"{exc.name} is not installed", then="run make setup") from exc
    model = DummyRegressor(strategy="constant", constant=1.0).fit([[0.0]], [1.0])
    # Arrays name modules of the numpy that wrote them, and the image has another one: plain lists are read by all.
    vars(model).update({name: _plain(value) for name, value in vars(model).items()})
    kept = io.BytesIO()
    joblib.dump(model, kept)
    return {ARTIFACT[0]: kept.getvalue()}


def _plain(value: Any) -> Any:
    return value.tolist() if hasattr(value, "tolist") else value

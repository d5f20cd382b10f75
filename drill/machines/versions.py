"""The versions of everything that a drill used, as each thing tells its own."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from drill.context import Drill

__all__ = ["versions"]

_PACKAGES = (
    "vertex-dr",
    "google-cloud-aiplatform",
    "google-cloud-storage",
    "google-cloud-firestore",
    "google-cloud-scheduler",
    "google-api-python-client",
    "functions-framework",
    "scikit-learn",
    "numpy",
    "tofupy",
    "msgspec",
)


def versions(drill: Drill) -> dict[str, str]:
    """Return name → version; what cannot tell its version is named all the same."""
    found = {
        "Python": platform.python_version(),
        "system": platform.platform(terse=True),
        "Terraform": drill.provider.terraform,
        "Terraform provider": f"{drill.provider.name} {drill.provider.version}",
        "skopeo": _told(drill, "skopeo", "--version"),
        "Java": _told(drill, "java", "-version"),
        "serving image": drill.registered.image or "not pushed",
    }
    return found | {name: _package(name) for name in _PACKAGES}


def _told(drill: Drill, *command: str) -> str:
    try:
        output = drill.processes.run(command).stdout
    except OSError:
        return "not found"
    return output.splitlines()[0].strip() if output.strip() else "unknown"


def _package(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"

"""The versions of everything that a drill used."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from drill.machines.processes import Processes
    from drill.machines.provider import Provider

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


def versions(processes: Processes, *, provider: Provider, image: str) -> dict[str, str]:
    """Return name → version; what has none is listed with the reason."""
    found = {
        "Python": platform.python_version(),
        "system": platform.platform(terse=True),
        "Terraform": provider.terraform,
        "Terraform provider": f"{provider.name} {provider.version}",
        "skopeo": _told(processes, "skopeo", "--version"),
        "Java": _told(processes, "java", "-version"),
        "serving image": image or "not pushed",
    }
    return found | {name: _package(name) for name in _PACKAGES}


def _told(processes: Processes, *command: str) -> str:
    try:
        output = processes.run(command).stdout
    except OSError:
        return "not found"
    return output.splitlines()[0].strip() if output.strip() else "unknown"


def _package(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"

"""Where Google's emulators lie on this machine, and how Java starts them."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["FIRESTORE", "PUBSUB", "EmulatorUnavailable", "Recipe", "jar", "java"]


class EmulatorUnavailable(Exception):
    """An emulator cannot run on this machine; the message says what is missing and how to get it."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Where an emulator lies in the Google Cloud CLI and how Java starts it."""

    service: str
    component: str
    jar: str
    start: Callable[[Path], tuple[str, ...]]
    warm_up: tuple[tuple[str, str, dict[str, Any]], ...]


FIRESTORE = Recipe(
    service="Firestore",
    component="cloud-firestore-emulator",
    jar="platform/cloud-firestore-emulator/cloud-firestore-emulator.jar",
    start=lambda jar: ("-cp", str(jar), "com.google.cloud.datastore.emulator.firestore.CloudFirestore"),
    warm_up=(
        ("PATCH", "databases/(default)/documents/a/b", {"fields": {"c": {"integerValue": "1"}}}),
        ("GET", "databases/(default)/documents/a/b", {}),
        ("POST", "databases/(default)/documents:commit", {"writes": []}),
        ("POST", "databases/(default)/documents:runQuery", {"structuredQuery": {"from": [{"collectionId": "a"}]}}),
    ),
)
PUBSUB = Recipe(
    service="Pub/Sub",
    component="pubsub-emulator",
    jar="platform/pubsub-emulator/lib/cloud-pubsub-emulator-*-all.jar",
    start=lambda jar: ("-jar", str(jar)),
    warm_up=(
        ("PUT", "topics/warm-up", {}),
        ("POST", "topics/warm-up:publish", {"messages": [{"data": "aGk="}]}),
    ),
)


def java(recipe: Recipe) -> str:
    """Return the program that runs Java; JAVA_HOME comes before PATH. Raises EmulatorUnavailable."""
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=f"{home}/bin" if home else None) or shutil.which("java")
    if found is None:
        raise EmulatorUnavailable(
            f"cannot start {recipe.service}'s emulator: no `java` on PATH; "
            "install a Java runtime 11 or later, for instance Debian's default-jre-headless"
        )
    return found


def jar(recipe: Recipe) -> Path:
    """Return the emulator's archive in the Google Cloud CLI. Raises EmulatorUnavailable."""
    root = _sdk_root(recipe)
    found = sorted(root.glob(recipe.jar))
    if not found:
        raise EmulatorUnavailable(
            f"cannot start {recipe.service}'s emulator: {root} has no {recipe.jar}; "
            f"run `gcloud components install {recipe.component}` or install Debian's "
            f"google-cloud-cli-{recipe.component.removeprefix('cloud-')}"
        )
    return found[-1]


def _sdk_root(recipe: Recipe) -> Path:
    if root := os.environ.get("CLOUDSDK_ROOT_DIR"):
        return Path(root)
    gcloud = shutil.which("gcloud")
    if gcloud is None:
        raise EmulatorUnavailable(
            f"cannot start {recipe.service}'s emulator: it comes with the Google Cloud CLI, no `gcloud` is on PATH; "
            "install the Google Cloud CLI, or name its folder in CLOUDSDK_ROOT_DIR"
        )
    return Path(gcloud).resolve().parent.parent

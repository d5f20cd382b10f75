"""A machine without Java or the Google Cloud CLI is told so in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from localcloud.runtime.emulators.emulator import Emulator
from localcloud.runtime.emulators.recipes import FIRESTORE, PUBSUB, EmulatorUnavailable

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.delenv("CLOUDSDK_ROOT_DIR", raising=False)
    return folder


def put(folder: Path, name: str, script: str = "exit 1") -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


async def refusal(tmp_path: Path, recipe: object = FIRESTORE) -> str:
    emulator = Emulator(recipe, tmp_path / "emulator.log", tmp_path)  # type: ignore[arg-type]  # one of two constants
    with pytest.raises(EmulatorUnavailable) as caught:
        await emulator.start()
    return str(caught.value)


async def test_missing_java_is_named(programs: Path, tmp_path: Path) -> None:
    sdk = tmp_path / "platform" / "cloud-firestore-emulator"
    sdk.mkdir(parents=True)
    (sdk / "cloud-firestore-emulator.jar").touch()
    put(programs, "gcloud")

    said = await refusal(tmp_path)
    assert "no `java` on PATH; install a Java runtime" in said
    assert "\n" not in said


async def test_missing_google_cloud_cli_is_named(programs: Path, tmp_path: Path) -> None:
    put(programs, "java")

    assert "no `gcloud` is on PATH; install the Google Cloud CLI" in await refusal(tmp_path)


async def test_missing_component_is_named(programs: Path, tmp_path: Path) -> None:
    for program in ("java", "gcloud"):
        put(programs, program)

    assert "gcloud components install pubsub-emulator" in await refusal(tmp_path, PUBSUB)


async def test_emulator_that_dies_is_reported_with_its_last_line(programs: Path, tmp_path: Path) -> None:
    sdk = tmp_path / "platform" / "cloud-firestore-emulator"
    sdk.mkdir(parents=True)
    (sdk / "cloud-firestore-emulator.jar").touch()
    put(programs, "gcloud")
    put(programs, "java", "echo 'Error: no memory left'; exit 1")

    assert "was: Error: no memory left" in await refusal(tmp_path)

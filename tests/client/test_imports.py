"""What each door loads: the figures are in bench/import_time.py, here is what must never be among them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = ("google.cloud.aiplatform", "google.cloud.aiplatform_v1", "google.cloud.storage")
SETTINGS = """
from vertex_dr.kernel.settings import Settings, SideSettings
from vertex_dr.kernel.sides import Side
one = SideSettings(region="r", staging_bucket="s", image_repository="i", pipeline_repository="p", endpoint="1")
settings = Settings(project="demo", side=Side.DR, service="diagnosis", sides={side: one for side in Side},
                    artifact_bucket="a", selector_database="d", selector_secret="s")
"""
TRAFFIC = """
from vertex_dr.wiring.google_ports import GooglePorts
from vertex_dr.wiring.traffic import Traffic
traffic = Traffic(settings, GooglePorts(settings))
"""


@pytest.fixture
def credentials(tmp_path: Path) -> Path:
    path = tmp_path / "credentials.json"
    user = {"type": "authorized_user", "client_id": "c", "client_secret": "s", "refresh_token": "r"}
    path.write_text(json.dumps(user))
    return path


def loaded(program: str, credentials: Path) -> set[str]:
    """Return the modules that a fresh process has loaded after the program."""
    ending = "\nimport json, sys; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program + ending],
        env={"PYTHONPATH": str(ROOT / "functions"), "GOOGLE_APPLICATION_CREDENTIALS": str(credentials)},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stdout))


def test_importing_the_client_loads_nothing_of_google(credentials: Path) -> None:
    modules = loaded("import vertex_dr.client", credentials)

    assert not [name for name in modules if name.startswith(("google.auth", "google.cloud.", "requests", "grpc"))]


def test_a_predicting_client_loads_no_client_library(credentials: Path) -> None:
    program = TRAFFIC + "traffic.router('diagnosis', timeout_seconds=5, monotonic=None)"

    modules = loaded(SETTINGS + program, credentials)

    assert "google.auth.transport.requests" in modules
    assert not [name for name in modules if name.startswith(("google.cloud.", "google.api_core", "grpc"))]


def test_what_decides_and_flips_loads_firestore_and_nothing_heavier(credentials: Path) -> None:
    program = TRAFFIC + "traffic.assess_regions, traffic.fail_over"

    modules = loaded(SETTINGS + program, credentials)

    assert "google.cloud.firestore_v1" in modules
    assert not modules & set(HEAVY)

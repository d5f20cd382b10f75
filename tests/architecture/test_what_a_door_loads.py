"""A door loads only what it uses: measured in a fresh interpreter, since this one has loaded everything."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.replication.world import settings_of
from vertex_dr.kernel.records import to_json
from vertex_dr.kernel.sides import Side

FUNCTIONS = Path(__file__).parents[2] / "functions"
HEAVY = (
    "google.cloud.aiplatform",
    "google.cloud.aiplatform_v1",
    "google.cloud.storage",
    "google.cloud.artifactregistry",
)
BUILD = """
import sys
from vertex_dr.kernel.records import from_json
from vertex_dr.kernel.settings import Settings
from vertex_dr.wiring.entry_points import Capabilities
from vertex_dr.wiring.google_ports import GooglePorts
settings = from_json(Settings, sys.stdin.read(), source="stdin")
capabilities = Capabilities(settings, GooglePorts(settings))
getattr(getattr(capabilities, sys.argv[1]), sys.argv[2])
print("\\n".join(sys.modules))
"""
# Application Default Credentials as gcloud keeps them of a user; they are read, and nobody asks for a token.
USER = {"type": "authorized_user", "client_id": "nobody", "client_secret": "none", "refresh_token": "none"}


@pytest.fixture
def user(tmp_path: Path) -> dict[str, str]:
    """The environment in which a user is logged in."""
    (tmp_path / "user.json").write_text(json.dumps(USER))
    return {"GOOGLE_APPLICATION_CREDENTIALS": str(tmp_path / "user.json"), "GOOGLE_CLOUD_PROJECT": "demo"}


def loaded_by(program: str, *arguments: str, **environment: str) -> set[str]:
    found = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        input=to_json(settings_of(Side.DR)),
        capture_output=True,
        check=True,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(FUNCTIONS), **environment},
        timeout=60,
    )
    return set(found.stdout.decode().split())


def test_loading_the_door_loads_the_table_of_entry_points_and_no_library() -> None:
    found = loaded_by(
        "import sys; before = set(sys.modules); import main; print('\\n'.join(set(sys.modules) - before))"
    )

    assert not {name for name in found if name.partition(".")[0] in {"google", "msgspec", "requests", "flask"}}
    assert {name for name in found if name.startswith("vertex_dr")} == {
        "vertex_dr",
        "vertex_dr.wiring",
        "vertex_dr.wiring.entry_points",
    }


@pytest.mark.parametrize("entry_point", ["assess_regions", "fail_over"])
def test_what_flips_the_selector_loads_firestore_and_nothing_heavier(entry_point: str, user: dict[str, str]) -> None:
    found = loaded_by(BUILD, "traffic", entry_point, **user)

    assert "google.cloud.firestore_v1.services.firestore" in found
    assert not {name for name in found if name.startswith(HEAVY)}


@pytest.mark.parametrize(
    "entry_point",
    ["export_models", "import_models", "mirror_images", "publish_pipelines", "reconcile_models", "run_pipelines"],
)
def test_building_a_use_case_loads_no_client_library_before_its_first_call(
    entry_point: str, user: dict[str, str]
) -> None:
    found = loaded_by(BUILD, "replication", entry_point, **user)

    assert not {name for name in found if name.startswith(HEAVY)}


def test_the_kernel_loads_the_standard_library_and_the_record_library_only() -> None:
    program = (
        "import sys; before = set(sys.modules); import importlib, pkgutil, vertex_dr.kernel as k\n"
        "for module in pkgutil.iter_modules(k.__path__, 'vertex_dr.kernel.'): importlib.import_module(module.name)\n"
        "print('\\n'.join(set(sys.modules) - before))"
    )

    found = {name.partition(".")[0] for name in loaded_by(program)}

    assert found - set(sys.stdlib_module_names) <= {"vertex_dr", "msgspec", "typing_extensions"}

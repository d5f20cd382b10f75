"""What each door costs to import, in time and memory, side by side in one run: the doors alternate, medians count."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.rows import Row

__all__ = ["measure"]

ROUNDS = 9
FUNCTIONS = Path(__file__).parents[1] / "functions"
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
FLIP = TRAFFIC + "traffic.assess_regions, traffic.fail_over"
CLIENT = (
    "from vertex_dr.client import Predictor\n"
    + TRAFFIC
    + "traffic.router('diagnosis', timeout_seconds=5, monotonic=time.monotonic)"
)
DOORS = {
    "firestore": "import google.cloud.firestore",
    "flip": SETTINGS + FLIP,
    "framework and firestore": "import functions_framework, google.cloud.firestore",
    "framework and flip": "import functions_framework\n" + SETTINGS + FLIP,
    "client": SETTINGS + CLIENT,
    "aiplatform_v1": "import google.cloud.aiplatform_v1",
}
MEASURE = """
import json, resource, time
began = time.perf_counter()
exec({program!r})
print(json.dumps([time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""


def measure() -> list[Row]:
    """Return a row a door: the process that decides and flips, alone and with its framework, and the client."""
    with tempfile.TemporaryDirectory() as folder:
        credentials = Path(folder) / "credentials.json"
        user = {"type": "authorized_user", "client_id": "c", "client_secret": "s", "refresh_token": "r"}
        credentials.write_text(json.dumps(user))
        kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME"}}
        environment = kept | {"PYTHONPATH": str(FUNCTIONS), "GOOGLE_APPLICATION_CREDENTIALS": str(credentials)}
        figures: dict[str, list[list[float]]] = {door: [] for door in DOORS}
        for round_ in range(ROUNDS + 1):
            for door, program in DOORS.items():
                found = _once(program, environment)
                if round_:  # the first round warms the disk's cache
                    figures[door].append(found)
    medians = {
        door: [statistics.median(column) for column in zip(*found, strict=True)] for door, found in figures.items()
    }
    pairs = [
        ("deciding and flipping", "flip", "google.cloud.firestore", "firestore"),
        (
            "deciding and flipping, functions-framework included",
            "framework and flip",
            "google.cloud.firestore with it",
            "framework and firestore",
        ),
        ("vertex_dr.client, ready to predict", "client", "google.cloud.aiplatform_v1", "aiplatform_v1"),
    ]
    rows = []
    for what, ours, beside, theirs in pairs:
        for column, name, unit in ((0, "import", "s"), (1, "peak memory", "MB")):
            rows.append(
                Row(
                    what=f"{name}: {what}",
                    ours=medians[ours][column],
                    unit=unit,
                    beside=beside,
                    theirs=medians[theirs][column],
                )
            )
    return rows


def _once(program: str, environment: dict[str, str]) -> list[float]:
    done = subprocess.run(
        [sys.executable, "-c", MEASURE.format(program=program)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return [float(figure) for figure in json.loads(done.stdout)]

"""What the functions that replicate import, beside the high-level SDK: medians of alternating runs."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

from bench.rows import Row

__all__ = ["measure"]

ROUNDS = 5
FUNCTIONS = Path(__file__).parents[1] / "functions"
BUILD = """
import google.auth
from google.auth.credentials import AnonymousCredentials
google.auth.default = lambda **_: (AnonymousCredentials(), "demo")
from vertex_dr.kernel.settings import Settings, SideSettings
from vertex_dr.kernel.sides import Side
from vertex_dr.wiring.google_ports import GooglePorts
from vertex_dr.wiring.replication import Replication
one = SideSettings(region="r", staging_bucket="s", image_repository="i", pipeline_repository="p", endpoint="1")
settings = Settings(project="demo", side=Side.DR, service="diagnosis", sides={side: one for side in Side},
                    artifact_bucket="a", selector_database="d", selector_secret="s")
ports = GooglePorts(settings)
replication, clients = Replication(settings, ports), ports.clients
"""
DOORS = {
    "main.py as an instance loads it": "import main",
    "mirror_images": BUILD + "replication.mirror_images; clients.firestore(); clients.storage(); "
    "clients.artifact_registry('r')",
    "import_models": BUILD + "replication.import_models; clients.firestore(); clients.storage(); "
    "clients.artifact_registry('r'); clients.models('r')",
}
BESIDE = "google.cloud.aiplatform, storage, artifactregistry"
THEIRS = "import google.cloud.aiplatform, google.cloud.storage, google.cloud.artifactregistry_v1"
MEASURE = """
import time
began = time.perf_counter()
{program}
import json, resource
print(json.dumps([time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""


def measure() -> list[Row]:
    """Return two rows a door: what it takes until its first call, and the memory that it then holds at most."""
    programs = {**DOORS, BESIDE: THEIRS}
    found: dict[str, list[list[float]]] = {name: [] for name in programs}
    for round_ in range(ROUNDS + 1):
        for name, program in programs.items():
            figures = _once(program)
            if round_:  # the first round warms the disk's cache
                found[name].append(figures)
    rows = []
    for name in DOORS:
        for column, what, unit in ((0, "import", "s"), (1, "peak memory", "MB")):
            ours, theirs = (statistics.median(run[column] for run in found[one]) for one in (name, BESIDE))
            rows.append(Row(what=f"{what}: {name}", ours=ours, unit=unit, beside=BESIDE, theirs=theirs))
    return rows


def _once(program: str) -> list[float]:
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME"}}
    done = subprocess.run(
        [sys.executable, "-c", MEASURE.format(program=program)],
        env=kept | {"PYTHONPATH": str(FUNCTIONS)},
        capture_output=True,
        text=True,
        check=True,
    )
    return [float(figure) for figure in json.loads(done.stdout)]

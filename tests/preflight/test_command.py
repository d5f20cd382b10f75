"""The command on the local cloud: one table with remedies, the verdict's exit code, and preflight.json."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from preflight.records import PreflightReport
from tests.localcloud.callers import PROJECT, grant
from tests.running_cloud import start_cloud, stop_cloud
from vertex_dr.kernel.records import from_json
from vertex_dr.kernel.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.running_cloud import RunningCloud

ROOT = Path(__file__).parents[2]
VERTEX_DR = Path(sys.executable).with_name("vertex-dr")
APIS = "/serviceusage/v1/projects/demo/services/cloudresourcemanager.googleapis.com"
POOL = "projects/demo/locations/europe-west4/workerPools/own"


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCloud]:
    """A cloud of this file's own: what other tests have made would be in the way of a first apply."""
    state = tmp_path_factory.mktemp("untouched")
    started = start_cloud(state, "--scheduler", "manual", "--end-with", str(os.getpid()))
    yield started
    stop_cloud(state)


@pytest.fixture(autouse=True)
def _administrator(cloud: RunningCloud) -> None:
    """The project's owner holds no permission on its buckets' objects and policies, which an apply lives of."""
    operator = "serviceAccount:operator@demo.iam.gserviceaccount.com"
    grant(cloud, PROJECT, "roles/storage.admin", operator)


@pytest.fixture
def environments(tmp_path: Path) -> Path:
    """The tfvars of this repository, with a private pool where a project may not be able to build."""
    for name in ("global", "primary", "dr"):
        (tmp_path / name).mkdir()
        text = (ROOT / "terraform" / "envs" / name / "terraform.tfvars").read_text()
        pools = f'worker_pools = {{ primary = "{POOL}" }}\n  regions' if name != "global" else "regions"
        (tmp_path / name / "terraform.tfvars").write_text(text.replace("regions", pools, 1))
    return tmp_path


def preflight(cloud: RunningCloud, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [VERTEX_DR, "preflight", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=os.environ | cloud.env,
        timeout=120,
    )


def found_by(ended: subprocess.CompletedProcess[str]) -> PreflightReport:
    assert ended.stdout, ended.stderr
    return from_json(PreflightReport, ended.stdout, source="stdout")


def not_passed(report: PreflightReport) -> set[tuple[str, str]]:
    return {(one.check, one.subject) for one in report.findings if one.verdict is not Verdict.PASS}


def test_what_stands_in_the_way_is_one_row_with_its_remedy_and_fails(cloud: RunningCloud) -> None:
    cloud.call("POST", f"{APIS}:disable", {})

    ended = preflight(cloud)

    assert ended.returncode == 4, ended.stderr
    assert "gcloud services enable cloudresourcemanager.googleapis.com --project=demo" in " ".join(ended.stdout.split())
    assert "build-region" in ended.stdout
    assert ended.stdout.splitlines()[-1].startswith("FAIL: ")


def test_a_project_that_is_ready_passes(cloud: RunningCloud, environments: Path) -> None:
    cloud.call("POST", f"{APIS}:enable", {})

    ended = preflight(cloud, "--environments", environments, "--json")

    assert (ended.returncode, not_passed(found_by(ended))) == (0, set())


def test_a_region_that_does_not_answer_is_inconclusive_and_never_a_pass(
    cloud: RunningCloud, environments: Path
) -> None:
    cloud.call("POST", f"{APIS}:enable", {})
    cloud.admin("POST", "outage", {"region": cloud.primary, "api": "aiplatform"})
    try:
        ended = preflight(cloud, "--environments", environments, "--json")
    finally:
        cloud.admin("POST", "heal", {"region": cloud.primary})

    report = found_by(ended)
    assert (ended.returncode, report.verdict) == (6, Verdict.INCONCLUSIVE)
    assert ("region", f"primary {cloud.primary} aiplatform") in not_passed(report)


def test_a_run_with_scratch_resources_keeps_what_it_found_out_and_leaves_nothing(
    cloud: RunningCloud, environments: Path, tmp_path: Path
) -> None:
    cloud.call("POST", f"{APIS}:enable", {})
    file = tmp_path / "kept" / "preflight.json"

    ended = preflight(cloud, "--environments", environments, "--probe", "--file", file, "--json")

    report = found_by(ended)
    assert ended.returncode == 0, [one for one in report.discoveries if one.verdict is not Verdict.PASS]
    assert from_json(PreflightReport, file.read_bytes(), source=str(file)) == report
    assert (len(report.discoveries), report.left) == (6, ())
    buckets = cloud.call("GET", "/storage/v1/b?project=demo")[1].get("items", [])
    assert [one["name"] for one in buckets if "preflight" in one["name"]] == []


def test_tfvars_that_are_not_there_are_named_in_one_line(cloud: RunningCloud, tmp_path: Path) -> None:
    ended = preflight(cloud, "--environments", tmp_path)

    assert (ended.returncode, ended.stderr.count("\n")) == (5, 1)
    assert "terraform.tfvars" in ended.stderr


def test_another_command_loads_nothing_of_preflight() -> None:
    program = "import sys, vertex_dr.cli.main; print([name for name in sys.modules if name.startswith('preflight')])"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)

    assert found.stdout.strip() == "['preflight', 'preflight.command']"


def test_terraform_leaves_nothing_in_the_checkout(cloud: RunningCloud) -> None:
    preflight(cloud)

    folder = ROOT / "preflight" / "declared"
    assert sorted(one.name for one in folder.iterdir()) == ["main.tf", "outputs.tf", "variables.tf"]
    assert shutil.which("terraform")

"""cloudbuild.yaml is what Cloud Build accepts, and its Terraform steps work in their order on the local cloud."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import googleapiclient
import pytest
import yaml

from tests.running_cloud import cloud_at
from tests.terraform.tree import Tree, copied, make

ROOT = Path(__file__).parents[2]
DISCOVERY = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents" / "cloudbuild.v1.json"
STEPS = {
    "cloudbuild.yaml": ["check", "test", "package", "plan-global", "plan-primary", "plan-dr", "keep-plans"],
    "cloudbuild.apply.yaml": ["fetch-plans", "apply", "publish"],
}
FILES = [*STEPS, "tools/cloudbuild.yaml"]
BUILT_IN = {"COMMIT_SHA", "PROJECT_ID"}  # of those that Cloud Build knows, what the files use
_TYPES = {"string": str, "boolean": bool, "integer": int, "number": float, "object": dict, "array": list}


def build(file: str = "cloudbuild.yaml") -> dict[str, Any]:
    """Return a build's file."""
    read: dict[str, Any] = yaml.safe_load((ROOT / file).read_text())
    return read


def schemas() -> dict[str, Any]:
    """Return Cloud Build's messages."""
    read: dict[str, Any] = json.loads(DISCOVERY.read_text())["schemas"]
    return read


@pytest.fixture(scope="module")
def delivered(tree: Tree, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what terraform/envs/global would make of the two triggers, by their name, with a pool of one's own."""
    own = Tree(copied(tmp_path_factory.mktemp("delivered")), tree.variables)
    for file in STEPS:
        shutil.copy(ROOT / file, own.root / file)
    (own.root / "terraform" / "envs" / "global" / "delivered.auto.tfvars").write_text("""
terraform_builds = {
  approvers   = { owner = "group:owners@example.com" }
  region      = "europe-west1"
  repository  = "projects/demo/locations/europe-west1/connections/github/repositories/vertex-dr"
  worker_pool = "projects/demo/locations/europe-west1/workerPools/inside"
}
""")
    changes = own.planned("envs/global")["resource_changes"]
    return {
        change["change"]["after"]["name"].removeprefix("vdr-"): change["change"]["after"]
        for change in changes
        if change["type"] == "google_cloudbuild_trigger"
    }


def violations(value: Any, schema: dict[str, Any], messages: dict[str, Any], path: str = "build") -> list[str]:
    """Return what Cloud Build would refuse: unknown and read-only fields, wrong types, unknown enum values."""
    schema = messages[schema["$ref"]] if "$ref" in schema else schema
    kind = schema["type"]
    if not isinstance(value, _TYPES[kind]):
        return [f"{path} must be of type {kind}, found {value!r}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{path} must be one of {', '.join(schema['enum'])}, found {value!r}"]
    found: list[str] = []
    if isinstance(value, list):
        for index, item in enumerate(value):
            found += violations(item, schema["items"], messages, f"{path}[{index}]")
    if isinstance(value, dict):
        for name, item in value.items():
            member = schema.get("properties", {}).get(name) or schema.get("additionalProperties")
            if member is None or member.get("readOnly"):
                found.append(f"{path}.{name} is no field that can be set")
            else:
                found += violations(item, member, messages, f"{path}.{name}")
    return found


@pytest.mark.parametrize("file", FILES)
def test_cloud_build_accepts_the_file(file: str) -> None:
    assert violations(build(file), {"$ref": "Build"}, schemas()) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"step": []}, "build.step is no field"),
        ({"status": "SUCCESS"}, "build.status is no field"),
        ({"timeout": 3600}, "build.timeout must be of type string"),
        ({"options": {"logging": "EVERYWHERE"}}, "build.options.logging must be one of"),
        ({"steps": [{"name": "x", "waitfor": []}]}, "build.steps[0].waitfor is no field"),
    ],
)
def test_a_file_that_cloud_build_refuses_is_refused_here(change: dict[str, Any], reason: str) -> None:
    found = violations({**build(), **change}, {"$ref": "Build"}, schemas())

    assert any(violation.startswith(reason) for violation in found), found


@pytest.mark.parametrize("file", STEPS)
def test_the_steps_are_the_verbs_of_the_makefile_in_order_in_the_image_of_tools(file: str) -> None:
    steps = build(file)["steps"]

    assert [step["id"] for step in steps] == STEPS[file]
    assert [step["script"] for step in steps] == [f"make {name}" for name in STEPS[file]]
    assert {step["name"] for step in steps} == {"${_TOOLS}"}


@pytest.mark.parametrize("file", STEPS)
def test_a_step_waits_only_for_steps_before_it_and_nothing_runs_beside_the_checks(file: str) -> None:
    seen: set[str] = set()
    for step in build(file)["steps"]:
        assert seen >= set(step.get("waitFor", [])), step["id"]
        assert step.get("waitFor") or not seen, f"{step['id']} waits for nothing"
        seen.add(step["id"])


@pytest.mark.parametrize("file", STEPS)
def test_a_build_with_an_identity_of_its_own_says_where_its_log_goes(file: str) -> None:
    assert build(file)["options"]["logging"] == "CLOUD_LOGGING_ONLY"


@pytest.mark.parametrize("file", STEPS)
def test_a_script_names_no_substitution_which_cloud_build_would_not_fill_in(file: str) -> None:
    assert [step["id"] for step in build(file)["steps"] if "$" in step["script"]] == []


@pytest.mark.parametrize("file", STEPS)
def test_every_variable_of_a_step_is_one_that_its_verb_reads(file: str) -> None:
    makefile = (ROOT / "make" / "terraform.mk").read_text()
    given = {pair.partition("=")[0] for step in build(file)["steps"] for pair in step.get("env", [])}

    assert {name for name in given if f"$({name})" not in makefile and f"${name}" not in makefile} == set()


def test_terraform_gives_every_substitution_that_the_builds_use(delivered: dict[str, Any]) -> None:
    text = "".join((ROOT / file).read_text() for file in STEPS)
    used = set(re.findall(r"\$\{?(_?[A-Z][A-Z_]*)\}?", text))

    for trigger in delivered.values():
        assert used - BUILT_IN == set(trigger["substitutions"])


def test_the_triggers_are_the_files_with_an_approval_between_and_an_identity_each(delivered: dict[str, Any]) -> None:
    for name, file in (("plan", "cloudbuild.yaml"), ("apply", "cloudbuild.apply.yaml")):
        (made,) = delivered[name]["build"]
        assert [(step["id"], step["script"], step["env"] or []) for step in made["step"]] == [
            (step["id"], step["script"], step.get("env", [])) for step in build(file)["steps"]
        ]
        assert delivered[name]["approval_config"] == [{"approval_required": name == "apply"}]
        assert made["options"][0]["worker_pool"] == "projects/demo/locations/europe-west1/workerPools/inside"


def test_apply_says_which_plan_is_missing(cloud_tree: Tree, tmp_path: Path) -> None:
    early = make("apply", cloud_tree, tmp_path)

    assert early.returncode != 0
    assert f"apply: cannot apply global: found no {tmp_path}/global.tfplan; make plan-global saves it" in early.stderr


def test_the_plans_travel_from_the_one_build_to_the_other_and_are_written_once(
    applied_tree: Tree, cloud_environment: dict[str, str]
) -> None:
    """The archive is named by its commit: what was planned of it cannot be put in its place."""
    cloud = cloud_at(cloud_environment["LOCALCLOUD_URL"])
    cloud.call("POST", "/storage/v1/b?project=demo", {"name": "demo-kept-plans", "location": "EU"})
    plans = ROOT / "build" / "kept-plans-test"
    plans.mkdir(parents=True, exist_ok=True)
    (ROOT / "build" / "bundle.zip").touch()
    (plans / "dr.tfplan").write_text("a plan")
    try:
        first = make("keep-plans", applied_tree, plans, COMMIT="abc", GLOBAL_STATE="demo-kept-plans")
        second = make("keep-plans", applied_tree, plans, COMMIT="abc", GLOBAL_STATE="demo-kept-plans")
        missing = make("fetch-plans", applied_tree, plans, COMMIT="def", GLOBAL_STATE="demo-kept-plans")
    finally:
        (plans / "dr.tfplan").unlink()
        plans.rmdir()

    assert first.returncode == 0, first.stdout + first.stderr
    assert second.returncode != 0
    assert missing.returncode != 0
    assert "fetch-plans: found no gs://demo-kept-plans/plans/def.tar.gz: its plan has not ended well" in missing.stderr


def test_after_the_terraform_steps_in_their_order_nothing_is_left_to_do(applied_tree: Tree) -> None:
    for environment in ("global", "primary", "dr"):
        again = applied_tree.run(f"envs/{environment}", "plan", "-input=false", "-detailed-exitcode", check=False)

        assert again.returncode == 0, again.stdout


def test_publish_pushes_image_and_pipeline_to_both_sides(applied_tree: Tree, cloud_environment: dict[str, str]) -> None:
    cloud = cloud_at(cloud_environment["LOCALCLOUD_URL"])
    held = "/artifactregistry/v1/projects/demo/locations/{}/repositories/"

    done = make("publish", applied_tree, ROOT / "build")

    assert done.returncode == 0, done.stdout + done.stderr
    for region in ("europe-west4", "europe-west1"):
        _, images = cloud.call("GET", f"{held.format(region)}vdr-images/dockerImages")
        _, pipelines = cloud.call("GET", f"{held.format(region)}vdr-pipelines/packages")
        assert [image["tags"] for image in images["dockerImages"]] == [["latest"]]
        assert [package["name"].rpartition("/")[2] for package in pipelines["packages"]] == ["diagnosis-training"]


def test_dr_is_planned_and_changed_while_primary_is_dark(applied_tree: Tree, cloud_environment: dict[str, str]) -> None:
    jobs = "projects/demo/locations/europe-west1/jobs"
    cloud = cloud_at(cloud_environment["LOCALCLOUD_URL"])
    cloud.admin("POST", "outage", {"region": "europe-west4"})
    try:
        unchanged = applied_tree.run("envs/dr", "plan", "-input=false", "-detailed-exitcode", check=False)
        applied_tree.run("envs/dr", "apply", "-input=false", "-auto-approve", "-var=pipelines_run_on=dr")
        _, job = cloud.call("GET", f"/cloudscheduler/v1/{jobs}/vdr-run-pipelines")
    finally:
        cloud.admin("POST", "heal", {"region": "europe-west4"})

    assert unchanged.returncode == 0, unchanged.stdout
    assert job["state"] == "ENABLED"

"""cloudbuild.yaml is what Cloud Build accepts, and its Terraform steps work in their order on the local cloud."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import googleapiclient
import pytest
import yaml

from tests.running_cloud import cloud_at
from tests.terraform.tree import make

if TYPE_CHECKING:
    from tests.terraform.tree import Tree

ROOT = Path(__file__).parents[2]
DISCOVERY = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents" / "cloudbuild.v1.json"
STEPS = ["check", "test", "package", "plan-global", "plan-primary", "plan-dr", "apply", "publish"]
_TYPES = {"string": str, "boolean": bool, "integer": int, "number": float, "object": dict, "array": list}


def build() -> dict[str, Any]:
    """Return cloudbuild.yaml."""
    read: dict[str, Any] = yaml.safe_load((ROOT / "cloudbuild.yaml").read_text())
    return read


def schemas() -> dict[str, Any]:
    """Return Cloud Build's messages."""
    read: dict[str, Any] = json.loads(DISCOVERY.read_text())["schemas"]
    return read


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


def test_cloud_build_accepts_the_file() -> None:
    assert violations(build(), {"$ref": "Build"}, schemas()) == []


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


def test_the_steps_are_the_verbs_of_the_makefile_in_order() -> None:
    steps = build()["steps"]

    assert [step["id"] for step in steps] == STEPS
    assert [step["script"] for step in steps] == [f"make {name}" for name in STEPS]


def test_a_step_waits_only_for_steps_before_it() -> None:
    seen: set[str] = set()
    for step in build()["steps"]:
        assert seen >= set(step.get("waitFor", [])), step["id"]
        seen.add(step["id"])


def test_every_substitution_that_is_used_is_declared() -> None:
    text = (ROOT / "cloudbuild.yaml").read_text()

    used = set(re.findall(r"\$\{(_\w+)\}", text))
    assert used == set(build()["substitutions"])


def test_apply_says_which_plan_is_missing(cloud_tree: Tree, tmp_path: Path) -> None:
    early = make("apply", cloud_tree, tmp_path)

    assert early.returncode != 0
    assert f"apply: cannot apply global: found no {tmp_path}/global.tfplan; make plan-global saves it" in early.stderr


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

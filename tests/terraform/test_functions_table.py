"""The table of modules/functions holds every entry point, and one record is all that Terraform needs for a new one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.terraform.tree import Tree, copied
from vertex_dr.wiring.entry_points import ENTRY_POINTS

TABLE = Path("terraform", "modules", "functions", "functions.tf")
SAMPLE = """
    sample = {
      schedule = "30 * * * *"
      may = {
        artifacts = { reads = ["catalogs/"] }
        selector  = ["reads"]
        staging   = { keeps = ["journals/sample/"] }
      }
    }
"""
FOURTH = """
    fourth = {
      callers     = ["fail_over"]
      url_setting = "VERTEX_DR_FOURTH_URL"
    }
"""


@pytest.fixture
def own_tree(tree: Tree, tmp_path: Path) -> Tree:
    """Return a copy of the tree whose table the test may change."""
    return Tree(copied(tmp_path), tree.variables)


def write(tree: Tree, old: str, new: str) -> None:
    """Replace in the copy's table what stands there once."""
    table = tree.root / TABLE
    text = table.read_text()
    assert text.count(old) == 1, f"{TABLE} has {old!r} {text.count(old)} times"
    table.write_text(text.replace(old, new))


def test_the_table_has_a_record_for_each_entry_point_of_the_bundle(tree: Tree) -> None:
    planned = tree.planned("modules/functions/examples/one-record")

    assert set(planned["output_changes"]["levels"]["after"]) == set(ENTRY_POINTS)


def test_one_record_makes_identity_grants_function_and_schedule(own_tree: Tree) -> None:
    write(own_tree, "  functions = {\n", f"  functions = {{{SAMPLE}\n")

    made = [
        f"{environment} {change['address'].removeprefix('module.side.')}"
        for environment in ("global", "dr")
        for change in own_tree.planned(f"envs/{environment}")["resource_changes"]
        if "sample" in change["address"]
    ]

    assert [address for address in made if "primary" not in address] == [
        'global module.artifacts.google_storage_bucket_iam_member.grant["dr sample reads"]',
        'global module.identities["dr sample"].google_service_account.identity',
        'global module.selector.google_project_iam_member.documents["dr sample reads"]',
        'dr module.staging.google_storage_bucket_iam_member.grant["sample keeps"]',
        'dr module.starts["sample"].google_cloud_run_v2_service_iam_member.grant["schedule"]',
        'dr module.starts["sample"].google_cloud_scheduler_job.schedule[0]',
        'dr module.starts["sample"].google_cloudfunctions2_function.control',
    ]


REFUSED = {
    "misspelt field": ('schedule = "*/15 * * * *"', 'schedules = "*/15 * * * *"', "got export_models: schedules"),
    "misspelt right": (
        'project   = { vertex = "roles/aiplatform.viewer" }',
        "projects = {}",
        "verify_replicas: projects",
    ),
    "unknown caller": ('["probe_region"]', '["probe_regions"]', "got probe_regions"),
    "receiver without setting": ('url_setting = "VERTEX_DR_ASSESS_URL"\n', "", "got assess_regions"),
    "chain of four": ("    fail_over = {\n", FOURTH + "    fail_over = {\n", "got assess_regions to fail_over"),
}


@pytest.mark.parametrize(("old", "new", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_table_that_cannot_work_is_refused_with_what_it_got(own_tree: Tree, old: str, new: str, reason: str) -> None:
    example = "modules/functions/examples/one-record"
    write(own_tree, old, new)
    own_tree.initialise(example)

    refused = own_tree.run(example, "plan", "-input=false", "-no-color", check=False)

    assert refused.returncode != 0
    assert reason in " ".join(refused.stderr.replace("│", " ").split())

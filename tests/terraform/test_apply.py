"""make apply after an apply that stopped halfway: by hand it plans again and asks, in a pipeline it ends."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.terraform.tree import ROOT, Tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOPIC = """
terraform {
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 7.30, < 9"
    }
  }
}

provider "google" {
  project = "demo"
}

variable "purpose" {
  type    = string
  default = "none"
}

resource "google_pubsub_topic" "t" {
  labels = { purpose = var.purpose }
  name   = "stale-plans"
}
"""


@pytest.fixture
def envs(tmp_path: Path, cloud_environment: dict[str, str]) -> Iterator[Tree]:
    """A folder of environments whose `dr` is one topic, so that a plan and an apply take a second each."""
    tree = Tree(tmp_path, cloud_environment)
    folder = tmp_path / "terraform" / "envs" / "dr"
    folder.mkdir(parents=True)
    (folder / "main.tf").write_text(TOPIC)
    yield tree
    tree.run("envs/dr", "destroy", "-input=false", "-auto-approve")


def run(tree: Tree, verb: str, *, answer: str | None = None, **variables: str) -> tuple[int, str]:
    """Run a verb of the Makefile; with an answer as a person at a terminal, without one as a pipeline."""
    places = [f"ENVS={tree.root / 'terraform' / 'envs'}", f"PLANS={tree.root / 'plans'}"]
    command = ["make", verb, *places, *(f"{name}={value}" for name, value in variables.items())]
    ours, theirs = pty.openpty()
    try:
        if answer is not None:
            os.write(ours, f"{answer}\n".encode())
        done = subprocess.run(
            command, cwd=ROOT, env=tree.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            stdin=subprocess.DEVNULL if answer is None else theirs, check=False, timeout=120,
        )  # fmt: skip
    finally:
        os.close(ours)
        os.close(theirs)
    return done.returncode, done.stdout


def stale_plan(tree: Tree) -> None:
    """Leave a saved plan whose state has moved on, as an apply that stopped halfway does."""
    assert run(tree, "plan-dr", TF_PLAN_ARGS="-var=purpose='a test'")[0] == 0
    kept = tree.root / "kept.tfplan"
    shutil.copy(tree.root / "plans" / "dr.tfplan", kept)
    tree.run("envs/dr", "apply", "-input=false", "-auto-approve", "-var=purpose=other")
    shutil.copy(kept, tree.root / "plans" / "dr.tfplan")


def test_in_a_pipeline_a_stale_plan_ends_the_apply_and_asks_for_a_new_approval(envs: Tree) -> None:
    stale_plan(envs)

    code, said = run(envs, "apply-dr")

    assert code != 0
    assert "cannot apply the saved plan of dr: its state has changed since it was planned; plan again, and have" in said


def test_by_hand_a_stale_plan_is_made_again_with_its_arguments_and_applied_after_a_yes(envs: Tree) -> None:
    stale_plan(envs)

    code, said = run(envs, "apply-dr", answer="yes")

    assert code == 0, said
    assert "dr: its state has changed since it was planned; planning again" in said
    shown = envs.run("envs/dr", "state", "show", "-no-color", "google_pubsub_topic.t").stdout
    assert '"purpose"                    = "a test"' in shown or '"purpose" = "a test"' in shown
    assert list((envs.root / "plans").iterdir()) == []


def test_by_hand_nothing_is_applied_without_a_yes(envs: Tree) -> None:
    stale_plan(envs)

    code, said = run(envs, "apply-dr", answer="no")

    assert code != 0
    assert "cannot apply the new plan of dr: it was turned down; make apply asks again" in said

"""What is needed is what Terraform and the README say, and no second list of it can drift away."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from preflight.checks.apis import NEEDED_APIS
from preflight.checks.permissions import NEEDED_PERMISSIONS
from preflight.checks.quotas import needs_of

ROOT = Path(__file__).parents[2]
CPUS = "aiplatform.googleapis.com/custom_model_serving_"


def test_the_apis_are_those_that_terraform_enables() -> None:
    text = (ROOT / "terraform" / "envs" / "global" / "services.tf").read_text()
    listed = re.search(r"services = \[(.*?)\]", text, flags=re.DOTALL)

    assert listed
    assert sorted(NEEDED_APIS) == sorted(f"{one}.googleapis.com" for one in re.findall(r'"([a-z]+)"', listed[1]))


def test_every_role_that_is_named_is_one_of_the_readmes() -> None:
    text = (ROOT / "README.md").read_text().split("## A real project")[1]

    assert [role for role in set(NEEDED_PERMISSIONS.values()) if f"`{role}`" not in text] == []


@pytest.mark.parametrize("default", ['bucket   = optional(string, "EU")', 'database = optional(string, "eur3")'])
def test_the_defaults_of_places_are_those_of_the_global_environment(default: str) -> None:
    for file in ("terraform/envs/global/variables.tf", "preflight/declared/variables.tf"):
        assert default in (ROOT / file).read_text(), file


@pytest.mark.parametrize("default", ["machine_type", "max_replicas", "min_replicas"])
def test_the_defaults_of_machines_are_those_of_the_module(default: str) -> None:
    found = {
        file: re.search(rf"{default} = optional\((.*)\)", (ROOT / file).read_text())
        for file in ("terraform/modules/vertex-model/variables.tf", "preflight/declared/variables.tf")
    }

    assert len({match[1] for match in found.values() if match}) == 1
    assert all(found.values())


@pytest.mark.parametrize(
    ("machine_type", "metric", "amount"),
    [
        ("n1-standard-2", "cpus", 2),
        ("e2-highmem-16", "cpus", 16),
        ("n2-standard-8", "n2_cpus", 8),
        ("c2d-standard-4", "c2d_cpus", 4),
        ("g2-standard-12", "nvidia_l4_gpus", 1),
        ("g2-standard-96", "nvidia_l4_gpus", 8),
        ("a2-highgpu-4g", "nvidia_a100_gpus", 4),
        ("a2-ultragpu-1g", "nvidia_a100_80gb_gpus", 1),
    ],
)
def test_a_machine_type_counts_against_the_quota_of_its_family(machine_type: str, metric: str, amount: int) -> None:
    assert needs_of(machine_type) == (CPUS + metric, amount)


@pytest.mark.parametrize("machine_type", ["ct5lp-hightpu-1t", "g2-standard-7", "x9-megagpu-8g", "large"])
def test_a_machine_type_whose_name_does_not_say_it_is_not_guessed(machine_type: str) -> None:
    assert needs_of(machine_type) is None

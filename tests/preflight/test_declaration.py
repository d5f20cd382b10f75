"""What is declared is read from tfvars by Terraform itself, without provider, state or cloud."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from preflight.declaration import declaration_in, declared_by
from preflight.records import Bucket, NameKind
from tests.preflight.samples import plan
from vertex_dr.kernel.errors import BadInput, NotFound
from vertex_dr.kernel.settings import Settings
from vertex_dr.kernel.sides import Side

ENVIRONMENTS = Path(__file__).parents[2] / "terraform" / "envs"


@pytest.fixture
def environments(tmp_path: Path) -> Path:
    for name in ("global", "primary", "dr"):
        (tmp_path / name).mkdir()
        shutil.copy(ENVIRONMENTS / name / "terraform.tfvars", tmp_path / name)
    return tmp_path


def replace(environments: Path, old: str, new: str, *, only: str = "*") -> None:
    for file in environments.glob(f"{only}/terraform.tfvars"):
        assert old in file.read_text()
        file.write_text(file.read_text().replace(old, new))


def test_the_environments_of_this_repository_declare_what_their_plans_make(environments: Path) -> None:
    found = declaration_in(environments)

    assert (found.project, found.service, found.disagreements) == ("demo", "diagnosis", ())
    assert [(one.side, one.machine_type) for one in found.machines] == [
        (Side.PRIMARY, "n1-standard-2"),
        (Side.DR, "n1-standard-2"),
    ]
    bucket = Bucket(name="demo-vdr-artifacts", location="EU", data_locations=("europe-west1", "europe-west4"))
    assert bucket in found.buckets
    assert Settings.from_environment(found.settings).artifact_bucket == bucket.name
    kinds = [one.kind for one in found.resources]
    assert kinds.count(NameKind.FUNCTION) == 2 * 10
    assert "projects/demo/locations/europe-west1/repositories/vdr-pipelines" in {one.name for one in found.resources}


def test_a_choice_in_the_tfvars_is_followed_into_every_name(environments: Path) -> None:
    replace(environments, 'name = "diagnosis"', 'name = "diagnosis"\n  prefix = "ml"', only="*")
    replace(environments, "europe-west1", "europe-west3")
    (environments / "global" / "terraform.tfvars").open("a").write('multi_regions = { database = "europe-west3" }\n')

    found = declaration_in(environments)

    assert found.database_location == "europe-west3"
    assert {one.name for one in found.buckets} >= {"demo-ml-artifacts", "demo-ml-staging-europe-west3"}


def test_environments_that_contradict_each_other_are_told(environments: Path) -> None:
    replace(environments, "europe-west1", "europe-west3", only="dr")

    assert [one.partition(" ")[0] for one in declaration_in(environments).disagreements] == ["regions"]


def test_what_terraform_refuses_is_refused_in_its_words(environments: Path) -> None:
    replace(environments, "europe-west1", "europe-west4")

    with pytest.raises(BadInput, match="must differ"):
        declaration_in(environments)


def test_a_missing_file_is_named(environments: Path) -> None:
    (environments / "dr" / "terraform.tfvars").unlink()

    with pytest.raises(NotFound, match=r"dr/terraform\.tfvars"):
        declaration_in(environments)


def test_without_terraform_the_error_says_so(environments: Path) -> None:
    with pytest.raises(NotFound, match="not on PATH"):
        declaration_in(environments, terraform="no-such-terraform")


def test_a_private_pool_of_one_side_is_that_sides_alone() -> None:
    pool = "projects/demo/locations/europe-west4/workerPools/own"
    plans = {
        "global": plan(worker_pools={}),
        "primary": plan(worker_pools={"dr": pool}),
        "dr": plan(worker_pools={"dr": pool}),
    }

    assert declared_by(plans).worker_pools == {Side.DR: pool}

"""One life of the root of this folder, with the stand-in on the shared cloud."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from localcloud.terraform_provider.parity.cycle import Cycle, Terraform, copy_root, environment_of, let_build
from localcloud.terraform_provider.parity.recorder import Recorder, recording
from localcloud.terraform_provider.resources.catalogue import Catalogue
from localcloud.terraform_provider.setup import write_mirror, write_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.running_cloud import RunningCloud

HERE = Path(__file__).parent
BUILD = HERE.parents[1] / "build" / "terraform-provider"


@pytest.fixture(scope="session")
def stand_in() -> Path:
    """Terraform's configuration for the stand-in, made if set-up has not made it."""
    write_schema(BUILD)
    return write_mirror(BUILD)


@pytest.fixture(scope="session")
def catalogue(stand_in: Path) -> Catalogue:
    """What the stand-in serves."""
    return Catalogue.load({"LOCALCLOUD_TERRAFORM_SCHEMA": str(stand_in.parent / "schema.json")})


@pytest.fixture(scope="session")
def recorder(cloud: RunningCloud) -> Iterator[Recorder]:
    """Every request that Terraform makes of the shared cloud in these tests."""
    with recording(cloud.env) as recorder:
        yield recorder


@pytest.fixture(scope="session")
def environment(cloud: RunningCloud, stand_in: Path, recorder: Recorder) -> dict[str, str]:
    """In which Terraform finds the stand-in, the shared cloud and the recorder in front of it."""
    return environment_of(cloud.env, stand_in, recorder)


@pytest.fixture(scope="session")
def terraform(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Terraform]:
    """Return Terraform, initialised, in a fresh directory with a configuration's text."""
    template = tmp_path_factory.mktemp("template")
    (template / "main.tf").write_text(PROVIDER)
    Terraform(directory=template, environment=environment).run("init")

    def make(configuration: str) -> Terraform:
        directory = tmp_path_factory.mktemp("root")
        shutil.copytree(template, directory, dirs_exist_ok=True, symlinks=True)
        (directory / "main.tf").write_text(PROVIDER + configuration)
        return Terraform(directory=directory, environment=environment)

    return make


@pytest.fixture(scope="session")
def cycle(
    cloud: RunningCloud, environment: dict[str, str], recorder: Recorder, tmp_path_factory: pytest.TempPathFactory
) -> Cycle:
    """The life of the root: created, planned again, changed in place, planned again, destroyed."""
    let_build(cloud.env)
    directory = tmp_path_factory.mktemp("life")
    copy_root(HERE / "root", directory)
    return Terraform(directory=directory, environment=environment).cycle(recorder)


PROVIDER = """
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
  region  = "europe-west4"
}
"""

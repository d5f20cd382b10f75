"""Terraform's tests run on a copy of the tree, so that no state, lock file or plan is left among the sources.

TF_CLI_CONFIG_FILE says which provider serves; without it, the stand-in that set-up made.
"""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from localcloud.core.addresses.authority import Authority
from tests.running_cloud import start_cloud, stop_cloud
from tests.terraform.tree import ROOT, Tree, copied, make

if TYPE_CHECKING:
    from collections.abc import Iterator

NOWHERE = "http://127.0.0.1:9"  # plans of new things ask nobody; this makes sure of it


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    trusted = Authority.kept_in(tmp_path_factory.mktemp("authority")).file
    nowhere = {"HTTPS_PROXY": NOWHERE, "SSL_CERT_FILE": str(trusted)}
    return Tree(
        copied(tmp_path_factory.mktemp("tree")),
        {"GOOGLE_OAUTH_ACCESS_TOKEN": "nobody", "GOOGLE_PROJECT": "demo", **nowhere},
    )


@pytest.fixture(scope="session")
def cloud_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Return what `localcloud env` prints, of a cloud of this folder's own: whole environments are applied to it."""
    state = tmp_path_factory.mktemp("cloud")
    os.environ.setdefault("LOCALCLOUD_CACHE_DIR", str(ROOT / "build" / "localcloud"))
    yield start_cloud(state, "--scheduler", "manual", "--end-with", str(os.getpid())).env
    stop_cloud(state)


@pytest.fixture(scope="session")
def cloud_tree(tmp_path_factory: pytest.TempPathFactory, cloud_environment: dict[str, str]) -> Tree:
    """Return a copy of the tree whose provider finds the local cloud."""
    return Tree(copied(tmp_path_factory.mktemp("cloud-tree")), cloud_environment)


@pytest.fixture(scope="session")
def applied_tree(cloud_tree: Tree, tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """Return the copy after bootstrap and the Terraform steps of cloudbuild.yaml, in their order."""
    plans = tmp_path_factory.mktemp("plans")
    subprocess.run([ROOT / "scripts" / "bootstrap", "demo"], env=cloud_tree.environment, check=True)
    for verb in ("plan-global", "plan-primary", "plan-dr", "apply"):
        done = make(verb, cloud_tree, plans)
        assert done.returncode == 0, f"make {verb}\n{done.stdout}\n{done.stderr}"
    assert list(plans.iterdir()) == []
    return cloud_tree

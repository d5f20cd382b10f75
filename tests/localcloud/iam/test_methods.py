"""Every method that localcloud answers has its permissions in the tables, and they name permissions that exist."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

import localcloud.iam
from localcloud.core.cloud import Cloud
from localcloud.core.config import Config
from localcloud.iam.methods import needs_of
from localcloud.iam.roles import known_permissions, predefined
from localcloud.services.build import build_services

if TYPE_CHECKING:
    from collections.abc import Iterator

    from localcloud.core.services import Services

ROOT = Path(__file__).parents[3]
FACTS = Path(localcloud.iam.__file__).parent / "facts"


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    state = tmp_path_factory.mktemp("state")
    cloud = Cloud(Config(state_dir=state, cache_dir=ROOT / "build" / "localcloud", port_base=0, emulators=False))
    cloud.ports.reserve()
    cloud.open()
    yield build_services(cloud)
    cloud.ports.release()
    cloud.store.close()


def test_every_method_that_somebody_wrote_has_its_permissions(services: Services) -> None:
    written = [(api, method) for api, service in services.by_api.items() for method in service.handlers]

    assert [f"{api}.{method}" for api, method in written if needs_of(api, method) is None] == []
    assert len(written) > 100


def test_the_standard_methods_of_what_the_project_uses_have_theirs(services: Services) -> None:
    used = {
        "aiplatform": ["endpoints", "models", "pipelineJobs"],
        "artifactregistry": ["repositories", "repositories.packages", "repositories.packages.tags"],
        "cloudfunctions": ["functions"],
        "cloudscheduler": ["jobs"],
        "run": ["services", "jobs"],
    }
    for api, collections in used.items():
        document = services.by_api[api].document(services.by_api[api].versions[0])
        for collection in collections:
            for action in ("get", "list", "delete", "create", "patch"):
                method = f"projects.locations.{collection}.{action}"
                assert method not in document.methods or needs_of(api, method), method


def test_no_table_names_a_method_that_google_has_not(services: Services) -> None:
    planes = {"docker.delete", "docker.pull", "docker.push", "docker.untag", "kfp.download", "kfp.upload", "invoke"}
    for path in sorted((FACTS / "methods").glob("*.yaml")):
        service = services.by_api[path.stem]
        known = {method for version in service.versions for method in service.document(version).methods} | planes
        named = set(msgspec.yaml.decode(path.read_bytes())["methods"])
        assert named - known == set(), path.name


def test_every_permission_that_a_method_needs_is_held_by_some_role() -> None:
    for path in sorted((FACTS / "methods").glob("*.yaml")):
        for method in msgspec.yaml.decode(path.read_bytes())["methods"]:
            for need in needs_of(path.stem, method) or ():
                assert need.permission in known_permissions(), f"{path.stem}.{method}"


def test_every_table_names_googles_page() -> None:
    tables = [msgspec.yaml.decode(path.read_bytes()) for path in (FACTS / "methods").glob("*.yaml")]

    assert all(table["source"].startswith("https://cloud.google.com/") and table["read"] for table in tables)


def test_a_method_of_nobodys_is_unknown_and_not_free() -> None:
    assert needs_of("aiplatform", "projects.locations.wonders.create") is None
    assert needs_of("storage", "objects.explode") is None
    assert needs_of("iam", "projects.serviceAccounts.signBlob") is None


def test_the_roles_that_terraform_grants_are_in_the_table() -> None:
    granted = {
        word.strip('"')
        for path in (ROOT / "terraform").rglob("*.tf")
        for word in path.read_text().split()
        if word.startswith('"roles/') and word.endswith('"') and not word.endswith('."') and "$" not in word
    }

    assert granted - set(predefined()) == set()
    assert granted

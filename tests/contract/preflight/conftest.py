"""Each contract runs in memory and on the local cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.preflight.project import GoogleProject, MemoryProject, Project
from tests.localcloud.callers import PROJECT, grant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(params=["memory", "google"])
def project(request: pytest.FixtureRequest, unique: Callable[[str], str]) -> Iterator[Project]:
    if request.param == "memory":
        yield MemoryProject(unique)
        return
    cloud: Any = request.getfixturevalue("cloud")
    # An owner's role holds nothing on buckets' policies and objects, and sets no policy of an organisation.
    for role in ("roles/orgpolicy.policyAdmin", "roles/storage.admin"):
        grant(cloud, PROJECT, role, "serviceAccount:operator@demo.iam.gserviceaccount.com")
    made = GoogleProject(cloud, unique)
    yield made
    made.clean()

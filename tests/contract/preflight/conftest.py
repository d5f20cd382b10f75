"""Each contract runs in memory and on the local cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.preflight.project import GoogleProject, MemoryProject, Project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(params=["memory", "google"])
def project(request: pytest.FixtureRequest, unique: Callable[[str], str]) -> Iterator[Project]:
    if request.param == "memory":
        yield MemoryProject(unique)
        return
    cloud: Any = request.getfixturevalue("cloud")
    made = GoogleProject(cloud, unique)
    yield made
    made.clean()

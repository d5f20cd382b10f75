"""Each contract runs in memory and on the local cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.replication.project import GoogleProject, MemoryProject, Project
from tests.contract.two_sides import TwoSides, make_two_sides

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def two_sides(cloud: Any, unique: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> TwoSides:
    """A project of its own on the local cloud, as Terraform would have made it."""
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", cloud.env["GOOGLE_APPLICATION_CREDENTIALS"])
    return make_two_sides(cloud, unique("two-sides"))


@pytest.fixture(params=["memory", "google"])
def project(request: pytest.FixtureRequest) -> Project:
    if request.param == "memory":
        return MemoryProject()
    return GoogleProject(request.getfixturevalue("two_sides"))

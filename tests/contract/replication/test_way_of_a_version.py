"""The way of a version is the one that docs/architecture.md tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Request
from werkzeug.test import EnvironBuilder

import main
from tests.contract.replication.project import GoogleProject, new_version
from tests.contract.two_sides import on
from tests.opened_files import opened_files
from tests.replication.world import environment_of
from tests.ways import Way, walked_through
from vertex_dr.kernel.sides import Side
from vertex_dr.wiring.google_ports import GooglePorts

if TYPE_CHECKING:
    import pytest

    from tests.contract.two_sides import TwoSides
    from vertex_dr.kernel.settings import Settings


def entered_by(entry_point: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    for name, value in environment_of(settings).items():
        monkeypatch.setenv(name, value)
    request = Request(EnvironBuilder(method="POST").get_environ())
    with opened_files("functions") as entered:
        _, status, _ = main.answer(entry_point, request, connect=lambda _: GooglePorts(settings))
    assert status == 200
    return entered


def test_a_version_enters_the_files_that_the_page_lists(two_sides: TwoSides, monkeypatch: pytest.MonkeyPatch) -> None:
    on(two_sides.primary).traffic.ensure_selector.run()
    project = GoogleProject(two_sides)
    project.models(Side.PRIMARY).upload(new_version(project, 3, aliases=("default", "champion")))

    exported = entered_by("export_models", two_sides.primary, monkeypatch)
    on(two_sides.dr).replication.mirror_images.run()
    imported = entered_by("import_models", two_sides.dr, monkeypatch)

    way = Way.told("One version")
    assert [one.version for one in on(two_sides.dr).ports.models(Side.DR).versions()] == ["1"]
    assert walked_through({*exported, *imported}) == {*way.walked, *way.passed}

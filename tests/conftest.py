"""What every test may use: golden files, rewritten on request so that the diff is the review."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.modules_as_they_are import Modules
from tests.running_cloud import cloud, unique

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["cloud", "golden", "unique"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="Rewrite golden files with what was found.")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Return a check that the file holds exactly what was found."""

    def hold(path: Path, found: str) -> None:
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(found)
        expected = path.read_text() if path.exists() else ""
        assert found == expected, f"to accept the difference: pytest {request.node.nodeid} --update-golden"

    return hold


@pytest.fixture(autouse=True)
def modules_stay_as_they_are(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test that has changed a module of ours, by whatever means: before monkeypatch undoes what it did."""
    del monkeypatch  # asked for so that this ends first
    modules = Modules.loaded()
    yield
    assert modules.changed() == [], "make what the test needs otherwise a parameter"

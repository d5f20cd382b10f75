"""What every test may use: golden files, rewritten on request so that the diff is the review."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.running_cloud import cloud, unique

if TYPE_CHECKING:
    from collections.abc import Callable
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

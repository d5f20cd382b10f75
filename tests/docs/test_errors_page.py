"""docs/errors.md says of each error what the code says."""

from __future__ import annotations

from pathlib import Path

from vertex_dr.kernel import errors

PAGE = Path(__file__).parents[2] / "docs" / "errors.md"


def rows() -> dict[str, list[str]]:
    table = [line.strip("| ").split(" | ") for line in PAGE.read_text().splitlines() if line.startswith("| `")]
    return {row[0].strip("`"): row[2:] for row in table}


def test_the_page_lists_each_error_with_its_exit_code_its_status_and_whether_to_try_again() -> None:
    tree = [getattr(errors, name) for name in errors.__all__ if name != "VertexDrError"]

    assert rows() == {
        kind.__name__: [str(kind.exit_code), str(kind.http_status), "yes" if kind.retryable else "no"] for kind in tree
    }

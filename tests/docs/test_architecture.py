"""What the page of the architecture says of the tree is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.ways import MOST_FILES

ROOT = Path(__file__).parents[2]
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text()
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()
README = (ROOT / "README.md").read_text()
# A sample that is shown, a place that the reader chooses, a package that is to come.
_NAMED_ONLY = re.compile(r"list_models|<|/path/to")


def paths_in(text: str) -> list[str]:
    """Return what is written as a path of this repository, in its text and in its links."""
    roots = "|".join(entry.name for entry in ROOT.iterdir() if not entry.name.startswith("."))
    found = re.findall(rf"`((?:{roots})/[^`\s]+)`", text)
    return [path.rstrip("/") for path in found if not _NAMED_ONLY.search(path) and not path.startswith("build/")]


def links_in(page: Path) -> list[Path]:
    targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text())
    return [page.parent / target for target in targets if "://" not in target]


@pytest.mark.parametrize("text", [ARCHITECTURE, CONTRIBUTING, README], ids=["architecture", "contributing", "readme"])
def test_every_path_that_is_named_exists(text: str) -> None:
    paths = paths_in(text)

    assert paths
    assert [path for path in paths if not any(ROOT.glob(path))] == []


@pytest.mark.parametrize("page", [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")], ids=lambda page: page.name)
def test_every_link_leads_to_a_file(page: Path) -> None:
    assert [str(target) for target in links_in(page) if not target.exists()] == []


@pytest.mark.parametrize("way", MOST_FILES)
def test_a_way_through_the_house_opens_no_more_files_than_promised(way: str) -> None:
    heading, section = ARCHITECTURE.split(f"**{way}")[1].split("**")[:2]
    numbers, files = zip(*re.findall(r"^(\d+)\. `(.+)`$", section, flags=re.MULTILINE), strict=True)

    assert [int(number) for number in numbers] == list(range(1, len(set(files)) + 1))
    assert f"{len(files)} files" in section.partition("\n")[0], heading
    assert len(files) <= MOST_FILES[way]


def test_no_folder_holds_more_than_twenty_files_side_by_side() -> None:
    skipped = {".git", ".venv", "build", "__pycache__", ".hypothesis", ".mypy_cache", ".ruff_cache", ".pytest_cache"}
    folders = [ROOT]
    crowded = {}
    while folders:
        folder = folders.pop()
        entries = [entry for entry in folder.iterdir() if entry.name not in skipped]
        folders.extend(entry for entry in entries if entry.is_dir() and not entry.name.startswith("."))
        count = sum(entry.is_file() for entry in entries)
        if count > 20:
            crowded[str(folder.relative_to(ROOT))] = count

    assert crowded == {}


def test_the_readme_names_every_folder_of_the_repository() -> None:
    table = README.split("## Where things are")[1]
    folders = [e.name for e in ROOT.iterdir() if e.is_dir() and not e.name.startswith(".") and e.name != "build"]

    assert [name for name in folders if f"`{name}/" not in table] == []

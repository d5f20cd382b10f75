"""The ways through the house as docs/architecture.md tells them, to be compared with what a run really enters."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from tests.opened_files import ROOT

PAGE = ROOT / "docs" / "architecture.md"
# A way that needs more is a reason to merge what is always opened together, not to raise the number.
MOST_FILES = {"One prediction": 6, "One version": 15, "One decision": 15, "One Terraform resource": 12}


def walked(title: str) -> list[str]:
    """Return the files that the page lists for the way of that title, in order."""
    section = PAGE.read_text().split(f"**{title}")[1].split("\n**")[0].split("\n## ")[0]
    return re.findall(r"^\d+\. `(.+)`$", section, flags=re.MULTILINE)


def words() -> list[str]:
    """Return the patterns of files that the page says are looked up, not walked through: one list for all ways."""
    section = PAGE.read_text().split("**Looked up**")[1].split("\n**")[0]
    lines = re.findall(r"^- (.+)$", section, flags=re.MULTILINE)
    return [word for line in lines for word in re.findall(r"`([^`]+)`", line)]


def is_looked_up(file: str, word: str | None = None) -> bool:
    """Return whether that word, or any, is the file's whole path; a `*` stands for one name, not for folders."""
    # A pattern that starts at the root has to match the whole path, not its end.
    return any(PurePosixPath("/", file).match(f"/{one}") for one in ([word] if word else words()))

"""The ways through the house as docs/architecture.md tells them, to be compared with what a run really enters."""

from __future__ import annotations

import fnmatch
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.opened_files import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable

_PAGE = ROOT / "docs" / "architecture.md"
_NAMED = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Way:
    """One way: the files that its reader opens, and those that a run passes and a reader of it need not open."""

    walked: tuple[str, ...]
    passed: tuple[str, ...]

    @classmethod
    def told(cls, title: str) -> Way:
        """Return the way of that title as the page tells it."""
        section = _PAGE.read_text().split(f"**{title}")[1].split("\n**")[0].split("\n## ")[0]
        passed = "".join(re.findall(r"^Passed: .+$", section, flags=re.MULTILINE))
        return cls(
            walked=tuple(re.findall(r"^\d+\. `(.+)`$", section, flags=re.MULTILINE)),
            passed=tuple(_NAMED.findall(passed)),
        )


def walked_through(entered: Iterable[str]) -> set[str]:
    """Return those of the entered files that are not among what the page says is looked up, not walked through."""
    looked_up = _PAGE.read_text().split("**Looked up")[1].split("\n**")[0]
    patterns = _NAMED.findall(looked_up)
    return {file for file in entered if not any(fnmatch.fnmatch(file, pattern) for pattern in patterns)}

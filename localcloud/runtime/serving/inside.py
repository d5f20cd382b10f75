"""Where a path of an image lies on this machine: every link in it means what it means inside the image."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_MOST_LINKS = 40  # as many as Linux follows in one path


def inside(root: Path, path: str) -> Path:
    """Return the place of the path below root, links followed as in a container: `/` is root, `..` ends there.

    What does not exist is returned all the same. Raises OSError when links lead in circles.
    """
    found: list[str] = []
    left, links = _parts(path), 0
    while left:
        part = left.pop()
        if part == "..":
            found = found[:-1]
            continue
        place = root.joinpath(*found, part)
        if not place.is_symlink():
            found.append(part)
            continue
        links += 1
        if links > _MOST_LINKS:
            raise OSError(f"the path {path} leads through more than {_MOST_LINKS} links")
        target = str(place.readlink())
        if target.startswith("/"):
            found = []
        left += _parts(target)
    return root.joinpath(*found)


def _parts(path: str) -> list[str]:
    """Return the parts of a path, the first one last."""
    return [part for part in reversed(path.split("/")) if part not in ("", ".")]

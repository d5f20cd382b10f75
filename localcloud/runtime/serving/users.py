"""Who a container's program is: the user that an image names, looked up in the image's own files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from localcloud.runtime.serving.inside import inside

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerUser:
    """Numbers of a user and its groups, and its home folder."""

    uid: int = 0
    gid: int = 0
    groups: tuple[int, ...] = ()
    home: str = "/"


def find_user(root: Path, named: str) -> ContainerUser:
    """Return the user that `user`, `user:group` or their numbers mean in this image; an empty text means root.

    Raises ValueError, in the words of container runtimes, for a name that the image's files do not have.
    """
    wanted, _, wanted_group = (named or "0").partition(":")
    entry = next((one for one in _lines(root, "/etc/passwd") if wanted in (one[0], one[2])), None)
    if entry is None and not wanted.isdigit():
        raise ValueError(f"unable to find user {wanted}: no matching entries in passwd file")
    uid = int(entry[2]) if entry else int(wanted)
    gid = int(entry[3]) if entry else 0
    groups = [one for one in _lines(root, "/etc/group") if one[2].isdigit()]
    if wanted_group:
        found = next((int(one[2]) for one in groups if wanted_group in (one[0], one[2])), None)
        if found is None and not wanted_group.isdigit():
            raise ValueError(f"unable to find group {wanted_group}: no matching entries in group file")
        gid = int(wanted_group) if found is None else found
    more = () if wanted_group or not entry else tuple(int(one[2]) for one in groups if entry[0] in one[3].split(","))
    return ContainerUser(uid=uid, gid=gid, groups=more, home=entry[5] if entry else "/")


def _lines(root: Path, path: str) -> list[list[str]]:
    """Return the complete lines of a file of users or groups, split at colons; none when there is no file."""
    try:
        text = inside(root, path).read_text(errors="replace")
    except OSError:
        return []
    split = [line.split(":") for line in text.splitlines()]
    fields = 7 if path.endswith("passwd") else 4
    return [one for one in split if len(one) == fields]

"""The files by which a container finds hosts, as its runtime would write them, and whom it trusts there."""

from __future__ import annotations

import socket
from pathlib import Path, PurePosixPath

AUTHORITY = PurePosixPath("/etc/localcloud/authority.pem")
"""Where a container has the certificate of localcloud's authority, alone in its folder."""

_RESOLVER = Path("/etc/resolv.conf")


def host_files(folder: Path, authority: Path) -> dict[str, Path]:
    """Write the files into the folder, and return them by their paths in a container. Repeating is safe.

    Every user may read them: a container's own does.
    """
    texts = {
        "/etc/hosts": f"127.0.0.1 localhost {socket.gethostname()}\n::1 localhost ip6-localhost ip6-loopback\n",
        "/etc/resolv.conf": _RESOLVER.read_text() if _RESOLVER.exists() else "",
        str(AUTHORITY): authority.read_text(),
    }
    found = {path: folder / Path(path).name for path in texts}
    for path, place in found.items():
        partial = place.with_name(f".{place.name}")
        partial.write_text(texts[path])
        partial.chmod(0o644)
        partial.replace(place)  # servers that run keep the file that they have
    return found

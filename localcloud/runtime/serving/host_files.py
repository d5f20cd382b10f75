"""The files by which a container finds hosts, as its runtime would write them: it shares this machine's network."""

from __future__ import annotations

import socket
from pathlib import Path

_RESOLVER = Path("/etc/resolv.conf")


def host_files(folder: Path) -> dict[str, Path]:
    """Write the files into the folder, and return them by their paths in a container. Repeating is safe."""
    names = f"127.0.0.1 localhost {socket.gethostname()}\n::1 localhost ip6-localhost ip6-loopback\n"
    resolver = _RESOLVER.read_text() if _RESOLVER.exists() else ""
    texts = {"/etc/hosts": names, "/etc/resolv.conf": resolver}
    found = {path: folder / Path(path).name for path in texts}
    for path, place in found.items():
        partial = place.with_name(f".{place.name}")
        partial.write_text(texts[path])
        partial.replace(place)  # servers that run keep the file that they have
    return found

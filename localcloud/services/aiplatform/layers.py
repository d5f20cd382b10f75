"""Layers of an image, unpacked one over the other into a folder that nothing in them can leave."""

from __future__ import annotations

import os
import shutil
import tarfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

_WHITEOUT = ".wh."
_OPAQUE = ".wh..wh..opq"
_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_KEPT_MODE_BITS = 0o777


class BadLayer(Exception):
    """A layer that cannot be unpacked; the message names the entry."""


def unpack_layers(layers: Iterable[Path], root: Path) -> None:
    """Make the folder hold what a container of these layers would see, lowest layer first.

    Deletions of upper layers are honoured. Raises BadLayer for an entry that would land outside the folder, and for a
    layer that is no tar. Devices are left out, owners are not kept.
    """
    root.mkdir(parents=True, exist_ok=True)
    for layer in layers:
        try:
            with tarfile.open(layer, _mode(layer)) as archive:
                for member in archive:
                    _unpack(archive, member, root)
        except (tarfile.TarError, EOFError, OSError, ValueError) as error:
            raise BadLayer(f"cannot unpack the layer {layer.name}: {error}") from error


def _mode(layer: Path) -> Literal["r|gz", "r|"]:
    with layer.open("rb") as file:
        start = file.read(4)
    if start == _ZSTD:
        raise BadLayer(f"the layer {layer.name} is compressed with zstd; build the image with gzip or plain tar layers")
    return "r|gz" if start.startswith(_GZIP) else "r|"


def _unpack(archive: tarfile.TarFile, member: tarfile.TarInfo, root: Path) -> None:
    path = PurePosixPath("/" + member.name)
    if ".." in path.parts:
        raise BadLayer(f"the entry {member.name!r} would leave the image's folder")
    parent = _real_folder(root, path.parent, member.name)
    if path.name == _OPAQUE:
        for child in list(parent.iterdir()):
            _remove(child)
        return
    if path.name.startswith(_WHITEOUT):
        hidden = path.name.removeprefix(_WHITEOUT)
        if hidden in {"", ".", ".."}:
            raise BadLayer(f"the entry {member.name!r} hides no name of its own folder")
        _remove(parent / hidden)
        return
    if path == PurePosixPath("/"):
        return
    _write(archive, member, root, parent / path.name)


def _write(archive: tarfile.TarFile, member: tarfile.TarInfo, root: Path, target: Path) -> None:
    if member.isdir():
        if target.is_symlink() or not target.is_dir():
            _remove(target)
            target.mkdir()
        return
    _remove(target)
    if member.issym():
        target.symlink_to(_link_inside(member.linkname, target, root))
    elif member.islnk():
        source = PurePosixPath("/" + member.linkname)
        folder = _real_folder(root, source.parent, member.name)
        os.link(folder / source.name, target, follow_symlinks=False)
    elif member.isfile():
        content = archive.extractfile(member)
        if content is None:
            raise BadLayer(f"the entry {member.name!r} has no content")
        with target.open("xb") as file:
            shutil.copyfileobj(content, file, 1 << 20)
        target.chmod(member.mode & _KEPT_MODE_BITS | 0o600)


def _real_folder(root: Path, folder: PurePosixPath, entry: str) -> Path:
    """Return the folder on disk, made where missing; links in its path are followed, but not out of the root."""
    found = root / folder.relative_to("/")
    real = Path(os.path.realpath(found))
    if not real.is_relative_to(os.path.realpath(root)):
        raise BadLayer(f"the entry {entry!r} would be written through a link that leaves the image's folder")
    real.mkdir(parents=True, exist_ok=True)
    return real


def _link_inside(linked: str, target: Path, root: Path) -> str:
    """Return the link's text so that it means in the folder what it means in the container."""
    if not linked.startswith("/"):
        return linked
    return os.path.relpath(root / linked.lstrip("/"), target.parent)


def _remove(path: Path) -> None:
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.is_dir():
        shutil.rmtree(path)

"""Layers of an image, unpacked one over the other as the OCI image specification says; nothing leaves the folder."""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import tarfile
from contextlib import closing
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, cast

from localcloud.runtime.serving.inside import inside

if TYPE_CHECKING:
    from collections.abc import Iterator

_WHITEOUT = ".wh."
_OPAQUE = ".wh..wh..opq"
_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_KEPT_MODE_BITS = 0o7777
_CHUNK = 1 << 20


class BadLayer(Exception):
    """A layer that cannot be unpacked; the message names the entry."""


def unpack_layer(layer: Path, root: Path, diff_id: str) -> None:
    """Make the folder, which holds the layers below, hold what a container with this layer too would see.

    Files are never changed in place, so that they may be links to those of another folder. As root, owners are kept;
    devices are left out. Raises BadLayer for a layer that is no tar, or whose content is not what diff_id says.
    """
    done: set[Path] = set()
    root.mkdir(parents=True, exist_ok=True)
    try:
        with closing(_Digesting(_content(layer))) as content:
            with tarfile.open(fileobj=cast("IO[bytes]", content), mode="r|") as archive:
                for member in archive:
                    _unpack(archive, member, root, done)
            found = content.digest()
    except (tarfile.TarError, EOFError, OSError, ValueError) as error:
        raise BadLayer(f"cannot unpack the layer {layer.name}: {error}") from error
    if found != diff_id:
        raise BadLayer(f"the layer {layer.name} holds {found}, and the image's config says {diff_id}")


class _Digesting:
    """What tarfile reads, digested on the way."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._sha256 = hashlib.sha256()

    def read(self, size: int) -> bytes:
        data = self._file.read(size)
        self._sha256.update(data)
        return data

    def digest(self) -> str:
        """Return the digest of all that there is to read."""
        while self.read(_CHUNK):
            pass
        return f"sha256:{self._sha256.hexdigest()}"

    def close(self) -> None:
        self._file.close()


def _content(layer: Path) -> IO[bytes]:
    with layer.open("rb") as file:
        start = file.read(4)
    if start == _ZSTD:
        raise BadLayer(f"the layer {layer.name} is compressed with zstd; build the image with gzip or plain tar layers")
    return cast("IO[bytes]", gzip.open(layer)) if start.startswith(_GZIP) else layer.open("rb")


def _unpack(archive: tarfile.TarFile, member: tarfile.TarInfo, root: Path, done: set[Path]) -> None:
    path = PurePosixPath("/" + member.name)
    if ".." in path.parts:
        raise BadLayer(f"the entry {member.name!r} would leave the image's folder")
    try:
        parent = inside(root, str(path.parent))
        parent.mkdir(parents=True, exist_ok=True)
        if path.name == _OPAQUE:
            _remove_lower(parent, done)
        elif path.name.startswith(_WHITEOUT):
            hidden = path.name.removeprefix(_WHITEOUT)
            if hidden in {"", ".", ".."}:
                raise BadLayer(f"the entry {member.name!r} hides no name of its own folder")
            if parent / hidden not in done:
                _remove_lower(parent / hidden, done)
                _remove_if_empty(parent / hidden, done)
        else:
            target = parent / path.name if path.name else root
            if _write(archive, member, root, target):
                done.update(_upwards(target, root))
    except (OSError, ValueError) as error:
        raise BadLayer(f"the entry {member.name!r} cannot be unpacked: {error}") from error


def _upwards(target: Path, root: Path) -> Iterator[Path]:
    """Give the target and the folders around it."""
    while target != root:
        yield target
        target = target.parent


def _write(archive: tarfile.TarFile, member: tarfile.TarInfo, root: Path, target: Path) -> bool:
    """Write the entry over what is there; return whether it is of a kind that is written."""
    if member.isdir():
        if target.is_symlink() or not target.is_dir():
            _remove(target)
            target.mkdir()
    elif member.islnk():
        source = PurePosixPath("/" + member.linkname)
        linked = inside(root, str(source.parent)) / source.name
        if linked != target:
            _remove(target)
            target.hardlink_to(linked) if not linked.is_symlink() else target.symlink_to(linked.readlink())
        return True
    elif member.issym():
        _remove(target)
        target.symlink_to(member.linkname)
    elif member.isfile():
        content = archive.extractfile(member)
        if content is None:
            raise BadLayer(f"the entry {member.name!r} has no content")
        _remove(target)
        with target.open("xb") as file:
            shutil.copyfileobj(content, file, _CHUNK)
    elif member.isfifo():
        _remove(target)
        os.mkfifo(target)
    else:
        return False
    _own(member, target)
    return True


def _own(member: tarfile.TarInfo, target: Path) -> None:
    """Give the file its owner and mode; who is not root cannot give files away, and must be able to remove them."""
    mode = member.mode & _KEPT_MODE_BITS
    if os.geteuid() == 0:
        os.chown(target, member.uid, member.gid, follow_symlinks=False)
    else:
        mode |= 0o700 if member.isdir() else 0o600
    if not member.issym():
        target.chmod(mode)


def _remove_lower(place: Path, done: set[Path]) -> None:
    """Remove what lower layers have put there: what this layer itself has written stays."""
    if place.is_symlink() or not place.is_dir():
        if place not in done:
            _remove(place)
        return
    for child in list(place.iterdir()):
        _remove_lower(child, done)
        _remove_if_empty(child, done)


def _remove_if_empty(place: Path, done: set[Path]) -> None:
    if place not in done and place.is_dir() and not place.is_symlink():
        place.rmdir()


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)

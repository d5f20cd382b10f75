"""The bytes of objects: one file a generation, written once, shared between copies by hard links."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from localcloud.services.storage.checksums import Checksums

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Iterable
    from pathlib import Path

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes that are complete but belong to no object yet."""

    path: Path
    checksums: Checksums


class Blobs:
    """Files below one directory. What is unfinished lives beside what is placed, and is thrown away when it fails."""

    def __init__(self, directory: Path) -> None:
        self._placed = directory / "placed"
        self._unfinished = directory / "unfinished"
        self._sessions = directory / "sessions"
        self._count = 0

    def open(self) -> None:
        """Make the directories exist, without what a killed daemon left unfinished."""
        shutil.rmtree(self._unfinished, ignore_errors=True)
        for directory in (self._placed, self._unfinished, self._sessions):
            directory.mkdir(parents=True, exist_ok=True)

    def new_path(self) -> Path:
        """Return a path that is not in use, for content that is being written."""
        self._count += 1
        return self._unfinished / str(self._count)

    def session(self, identifier: str) -> Path:
        """Return where a resumable upload's bytes lie; they survive a restart."""
        return self._sessions / identifier

    async def receive(self, chunks: AsyncIterable[bytes]) -> Content:
        """Return the content that the chunks are, never whole in memory; nothing is left when they break off."""
        path = self.new_path()
        checksums = Checksums()
        try:
            with path.open("wb") as file:
                async for chunk in chunks:
                    file.write(chunk)
                    checksums.update(chunk)
        except BaseException:
            path.unlink()
            raise
        return Content(path, checksums)

    def keep(self, chunks: Iterable[bytes]) -> Content:
        """Return the content that the chunks are."""
        path = self.new_path()
        checksums = Checksums()
        with path.open("wb") as file:
            for chunk in chunks:
                file.write(chunk)
                checksums.update(chunk)
        return Content(path, checksums)

    def share(self, generation: str) -> Path:
        """Return a second name for a placed blob, to be placed under another generation."""
        path = self.new_path()
        path.hardlink_to(self.path(generation))
        return path

    def place(self, path: Path, generation: str) -> None:
        """Make the unfinished content the blob of the generation."""
        path.replace(self._prepared(generation))

    def path(self, generation: str) -> Path:
        """Return where the blob of the generation lies."""
        return self._placed / generation[-2:] / generation

    def remove(self, generation: str) -> None:
        """Make the generation have no blob; repeating is safe."""
        self.path(generation).unlink(missing_ok=True)

    def read(self, generation: str, start: int = 0, length: int | None = None) -> Iterable[bytes]:
        """Yield the blob's bytes from start, length of them or all, a mebibyte at a time."""
        left = length
        with self.path(generation).open("rb") as file:
            file.seek(start)
            while left is None or left > 0:
                chunk = file.read(CHUNK if left is None else min(CHUNK, left))
                if not chunk:
                    return
                if left is not None:
                    left -= len(chunk)
                yield chunk

    def _prepared(self, generation: str) -> Path:
        path = self.path(generation)
        path.parent.mkdir(exist_ok=True)
        return path

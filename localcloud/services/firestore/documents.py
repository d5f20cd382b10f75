"""Documents of Firestore's emulator, saved to a folder and loaded from it, one export for each database."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING
from urllib.parse import quote

from localcloud.core.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import aiohttp

__all__ = ["clear_documents", "load_documents", "save_documents"]

_EXPORT = "documents"


async def save_documents(session: aiohttp.ClientSession, emulator: str, databases: Iterable[str], folder: Path) -> None:
    """Write every database's documents below folder, in place of what lay there. Raises ApiError 503."""
    fresh = folder.with_name(f"{folder.name}.saving")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for database in databases:
        target = fresh / quote(database, safe="")
        target.mkdir()
        await _ask(session, emulator, "export", database, {"export_directory": str(target), "export_name": _EXPORT})
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)


async def load_documents(session: aiohttp.ClientSession, emulator: str, folder: Path) -> None:
    """Put the saved documents of every database into the emulator; repeating is safe. Raises ApiError 503."""
    for saved in _folders(folder):
        database = saved.name.replace("%2F", "/").replace("%28", "(").replace("%29", ")")
        metadata = saved / _EXPORT / f"{_EXPORT}.overall_export_metadata"
        if metadata.exists():
            await _ask(session, emulator, "import", database, {"export_directory": str(metadata)})


async def clear_documents(session: aiohttp.ClientSession, emulator: str, database: str) -> None:
    """Leave the database without documents; repeating is safe. Raises ApiError 503."""
    async with session.delete(f"{emulator}/emulator/v1/{database}/documents") as answer:
        if not answer.ok:
            raise ApiError.unavailable(f"Firestore's emulator did not clear {database}: {await answer.text()}")


def _folders(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.exists() else []


async def _ask(session: aiohttp.ClientSession, emulator: str, verb: str, database: str, order: dict[str, str]) -> None:
    project = "/".join(database.split("/")[:2])
    async with session.post(f"{emulator}/emulator/v1/{project}:{verb}", json={"database": database, **order}) as answer:
        if not answer.ok:
            raise ApiError.unavailable(f"Firestore's emulator did not {verb} {database}: {await answer.text()}")

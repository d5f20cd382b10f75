"""The source archive of a function: unpacked, and known to hold the entry point."""

from __future__ import annotations

import ast
import hashlib
import io
import shutil
import subprocess
import sys
import tempfile
import threading
import zipfile
from pathlib import Path

from localcloud.core.errors import ApiError

__all__ = ["unpack"]

# Ten functions of one archive are created at once: one unpacks and compiles it, the others find it there. And Python
# 3.11 may not parse in two threads at once (https://github.com/python/cpython/issues/106905).
_ONE_AT_A_TIME = threading.Lock()


def unpack(archive: bytes, *, entry_point: str, origin: str, into: Path) -> Path:
    """Return the folder below `into` that holds this archive's files, with main.py and the entry point in it.

    Archives with the same content share a folder, so repeating the call is safe and cheap. Raises ApiError 400 with
    one line that names what is wrong with the archive that came from `origin`.
    """
    folder = into / hashlib.sha256(archive).hexdigest()[:32]
    with _ONE_AT_A_TIME:
        if not folder.exists():
            into.mkdir(parents=True, exist_ok=True)
            fresh = Path(tempfile.mkdtemp(prefix="unpacking-", dir=into))
            try:
                _extract(archive, origin, fresh)
                _require_entry_point(fresh, entry_point, origin)
                _compile(fresh, folder, origin)
                fresh.rename(folder)
            finally:
                shutil.rmtree(fresh, ignore_errors=True)
        _require_entry_point(folder, entry_point, origin)
    return folder


def _extract(archive: bytes, origin: str, folder: Path) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            for member in opened.namelist():
                if not (folder / member).resolve().is_relative_to(folder.resolve()):
                    raise ApiError.invalid(
                        f"cannot unpack {origin}: its member {member!r} lies outside the archive; "
                        "zip the folder with relative paths"
                    )
            opened.extractall(folder)
    except zipfile.BadZipFile as exc:
        raise ApiError.invalid(f"cannot unpack {origin}: {exc}; upload a zip archive of the source folder") from exc


def _compile(fresh: Path, folder: Path, origin: str) -> None:
    """Compile every source as Google's buildpack does, which fails the build when one does not parse.

    The bytecode stays beside the sources: else every function of the archive compiles them at its first start.
    """
    command = [sys.executable, "-m", "compileall", "-q", "-s", str(fresh), "-p", str(folder), str(fresh)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - fixed but for folders
    if ended.returncode:
        lines = [line.strip() for line in (ended.stdout + ended.stderr).splitlines() if line.strip()]
        said = " ".join(lines).replace(f"{folder}/", "")[-300:]
        raise ApiError.invalid(f"cannot build {origin}: {said}; correct the source and upload it again")


def _require_entry_point(folder: Path, entry_point: str, origin: str) -> None:
    main = folder / "main.py"
    if not main.exists():
        held = (
            ", ".join(sorted(entry.name for entry in folder.iterdir() if entry.name != "__pycache__")[:5]) or "nothing"
        )
        raise ApiError.invalid(
            f"cannot build {entry_point} from {origin}: the archive has no main.py at its top level (it holds {held}); "
            "zip the content of the source folder, not the folder itself"
        )
    try:
        tree = ast.parse(main.read_text())
    except SyntaxError as exc:
        raise ApiError.invalid(
            f"cannot build {entry_point} from {origin}: main.py does not parse: {exc.msg} in line {exc.lineno}; "
            "correct the source and upload it again"
        ) from exc
    names = _names(tree)
    if entry_point not in names and not _names_at_run_time(tree):
        raise ApiError.invalid(
            f"cannot build {entry_point} from {origin}: main.py defines no {entry_point} "
            f"(it defines {', '.join(sorted(names)) or 'nothing'}); name one of these as entry point, or add it"
        )


def _names_at_run_time(tree: ast.Module) -> bool:
    """Whether main.py makes names that only its import shows: then the process says at its start what is missing."""
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    is_starred = any(isinstance(one, ast.ImportFrom) and one.names[0].name == "*" for one in tree.body)
    return "globals" in called or is_starred or "__getattr__" in _names(tree)


def _names(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            names.add(statement.name)
        elif isinstance(statement, ast.ImportFrom):
            names.update(alias.asname or alias.name for alias in statement.names if statement.module != "__future__")
        elif isinstance(statement, ast.Assign):
            names.update(target.id for target in statement.targets if isinstance(target, ast.Name))
    return names

"""The Python environments of functions: one for each content of requirements.txt, built once and kept."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["BuildFailed", "ensure"]


class BuildFailed(Exception):
    """An environment could not be built; the message is the installer's own last line."""


def ensure(requirements: Path) -> Path:
    """Return the Python interpreter of an environment that holds exactly these requirements and functions-framework.

    The environment is built when it is asked for the first time, and compiled to bytecode. Repeating is safe and
    cheap, also from two processes at once. Raises BuildFailed.
    """
    content = requirements.read_bytes() if requirements.exists() else b""
    recipe = content + f"\n{version('functions-framework')} {sys.version}".encode()
    home = _cache() / hashlib.sha256(recipe).hexdigest()[:16]
    interpreter = home / "bin" / "python"
    if (home / "ready").exists():
        return interpreter
    with _locked(home.with_suffix(".lock")):
        if not (home / "ready").exists():
            _build(home, requirements if content.strip() else None, content)
            (home / "ready").touch()
    return interpreter


def _build(home: Path, requirements: Path | None, content: bytes) -> None:
    _uv("venv", "--clear", "--python", sys.executable, str(home))
    install = ("pip", "install", "--compile-bytecode", "--python", str(home))
    if requirements is not None:
        hashed = ("--require-hashes",) if b"--hash=" in content else ()
        _uv(*install, *hashed, "-r", str(requirements))
    if b"functions-framework" not in content:
        # Google's buildpack adds the framework to sources that do not ask for it.
        _uv(*install, f"functions-framework=={version('functions-framework')}")


def _uv(*arguments: str) -> None:
    import uv  # noqa: PLC0415 - only a build needs it, never the running cloud

    command = [uv.find_uv_bin(), *arguments]
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - uv is ours
    if done.returncode:
        reason = " ".join(line.strip() for line in done.stderr.splitlines() if line.strip())[-600:]
        raise BuildFailed(f"cannot build the Python environment: uv {arguments[0]} said: {reason}")


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _cache() -> Path:
    if chosen := os.environ.get("LOCALCLOUD_BUILD_CACHE"):
        return Path(chosen).absolute()
    home = os.environ.get("LOCALCLOUD_CACHE_DIR")
    return (Path(home).absolute() if home else Path.home() / ".cache" / "localcloud") / "buildpacks"


if __name__ == "__main__":
    for _name in sys.argv[1:]:
        print(ensure(Path(_name)))  # noqa: T201 - the answer of the command

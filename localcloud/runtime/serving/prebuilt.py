"""Google's prebuilt scikit-learn prediction images, served by localcloud's own server of the same contract."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from localcloud.core.errors import ApiError
from localcloud.runtime.serving.command import Command, base_python
from localcloud.runtime.serving.contract import ServerRoutes

if TYPE_CHECKING:
    from collections.abc import Mapping

_IMAGE = re.compile(r"(europe|us|asia)-docker\.pkg\.dev/vertex-ai/prediction/sklearn-cpu\.[\w.-]+(:[\w.-]+)?(@.+)?")
_HERE = Path(__file__).parent / "sklearn"
_REQUIREMENTS = _HERE / "requirements.txt"
_PREDICT_ROUTE, _HEALTH_ROUTE = "/predict", "/health"
PREBUILT_ROUTES = ServerRoutes(predict=_PREDICT_ROUTE, health=_HEALTH_ROUTE)
"""Predict and health route of prebuilt images whose containerSpec names none."""


def is_prebuilt(image_uri: str) -> bool:
    """Whether the image is one of Google's prebuilt scikit-learn prediction images."""
    return _IMAGE.fullmatch(image_uri) is not None


def environment_folder() -> Path:
    """Where the server's environment is, named after what it holds."""
    pins = hashlib.sha256(_REQUIREMENTS.read_bytes()).hexdigest()[:12]
    checkout = Path(__file__).parents[3]
    home = checkout / "build" if (checkout / "pyproject.toml").is_file() else Path.cwd() / "build"
    return home / f"sklearn-server-{sys.version_info.major}.{sys.version_info.minor}-{pins}"


def ensure_environment() -> Path:
    """Make the server's environment exist, and return its interpreter. Set-up calls this; repeating is cheap.

    Raises RuntimeError with uv's own words when the packages cannot be installed.
    """
    folder = environment_folder()
    python = folder / "bin" / "python"
    if python.exists():
        return python
    uv = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if uv is None:
        raise RuntimeError("cannot make the scikit-learn server's environment: uv is not installed; run `make setup`")
    staged = folder.with_name(f".{folder.name}-{os.getpid()}")
    install = ["pip", "install", "-q", "--python", str(staged), "--require-hashes", "--compile-bytecode"]
    try:
        _run([uv, "venv", "-q", "--relocatable", "--python", base_python(), str(staged)])
        _run([uv, *install, "-r", str(_REQUIREMENTS)])
        staged.replace(folder)
    except OSError:
        if not python.exists():  # another process may have been first
            raise
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return python


async def prebuilt_command(contract: Mapping[str, str]) -> Command:
    """Return how to start the prebuilt server, its environment made when set-up has not; raises ApiError 400."""
    try:
        python = await asyncio.to_thread(ensure_environment)
    except RuntimeError as error:
        raise ApiError.failed_precondition(str(error)) from error
    env = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1", "OMP_NUM_THREADS": "1"} | dict(contract)
    return Command(argv=(str(python), "-I", str(_HERE / "serve.py")), env=env, cwd=_HERE)


def _run(argv: list[str]) -> None:
    done = subprocess.run(argv, capture_output=True, text=True, check=False)  # noqa: S603 - uv, found on PATH
    if done.returncode != 0:
        raise RuntimeError(
            f"cannot make the scikit-learn server's environment: {' '.join(argv[:3])}: {done.stderr.strip()}"
        )


if __name__ == "__main__":
    print(ensure_environment())  # noqa: T201 - set-up shows where it is

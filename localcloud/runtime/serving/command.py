"""The command that starts an image's server: Vertex AI's custom-container contract, with the host's Python."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from localcloud.runtime.serving.image import IngestedImage

_PYTHON = re.compile(r"python(3(\.\d+)?)?")
_VARIABLE = re.compile(r"\$\(([A-Za-z_][A-Za-z0-9_]*)\)")
_SITE_FOLDERS = (
    "usr/local/lib/python{version}/site-packages",
    "usr/lib/python{version}/site-packages",
    "usr/lib/python3/dist-packages",
)
_PATH_LISTS = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH")


@dataclass(frozen=True, slots=True)
class Command:
    """What to execute."""

    argv: tuple[str, ...]
    env: dict[str, str]
    cwd: Path


def base_python() -> str:
    """Return the interpreter beneath any virtual environment."""
    return str(Path(getattr(sys, "_base_executable", sys.executable)).resolve())


def server_command(image: IngestedImage, container: Mapping[str, Any], contract: Mapping[str, str]) -> Command:
    """Return how to start the image's server: the container's command and args where set, else the image's.

    Absolute paths mean paths of the image. `python` becomes the host's base interpreter without its site folders, so
    that only the image's own packages can be imported. Raises FileNotFoundError when the program is not in the image.
    """
    env = _environment(image, container, contract)
    command = tuple(container.get("command") or image.config.entrypoint)
    default = () if container.get("command") else image.config.cmd
    args = tuple(container.get("args") or default)
    words = [_expanded(word, env) for word in command + args]
    if not words:
        raise FileNotFoundError("the image has neither Entrypoint nor Cmd, and containerSpec has no command")
    cwd = _inside(image.root, image.config.working_dir)
    return Command(argv=_argv(image.root, words, env, cwd), env=env, cwd=cwd)


def _environment(image: IngestedImage, container: Mapping[str, Any], contract: Mapping[str, str]) -> dict[str, str]:
    env = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(image.root), "LANG": "C.UTF-8"}
    for pair in image.config.env:
        name, _, value = pair.partition("=")
        env[name] = value
    for name in _PATH_LISTS:
        if name in env:
            env[name] = os.pathsep.join(
                str(_inside(image.root, entry)) for entry in env[name].split(os.pathsep) if entry
            )
    env["PATH"] += os.pathsep + "/usr/local/bin:/usr/bin:/bin"
    folders = [env["PYTHONPATH"]] if env.get("PYTHONPATH") else []
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    found = (image.root / folder.format(version=version) for folder in _SITE_FOLDERS)
    env["PYTHONPATH"] = os.pathsep.join(folders + [str(folder) for folder in found if folder.is_dir()])
    env["PYTHONUNBUFFERED"] = "1"
    env.pop("PYTHONHOME", None)
    env.update({str(entry["name"]): str(entry.get("value", "")) for entry in container.get("env", [])})
    env.update(contract)
    return env


def _argv(root: Path, words: Sequence[str], env: Mapping[str, str], cwd: Path) -> tuple[str, ...]:
    program, rest = words[0], [_mapped(root, word) for word in words[1:]]
    if _PYTHON.fullmatch(Path(program).name):
        return (base_python(), "-S", *rest)
    found = _program(root, program, env, cwd)
    if found is None:
        raise FileNotFoundError(f"the program {program!r} is not in the image")
    if _is_python_script(found):
        return (base_python(), "-S", str(found), *rest)
    return (str(found), *rest)


def _program(root: Path, program: str, env: Mapping[str, str], cwd: Path) -> Path | None:
    if "/" in program:
        found = _inside(root, program) if program.startswith("/") else cwd / program
        return found if found.is_file() else None
    folders = [Path(entry) for entry in env["PATH"].split(os.pathsep)]
    return next((folder / program for folder in folders if (folder / program).is_file()), None)


def _is_python_script(path: Path) -> bool:
    with path.open("rb") as file:
        first = file.readline(200)
    return first.startswith(b"#!") and b"python" in first


def _mapped(root: Path, word: str) -> str:
    """Return the word, its absolute path of the image led into the root, also behind `--option=`; routes stay."""
    option, equals, value = word.partition("=")
    if equals and value.startswith("/") and option.startswith("-"):
        return f"{option}={_mapped(root, value)}"
    if not word.startswith("/"):
        return word
    inside = _inside(root, word)
    return str(inside) if inside != root and inside.exists() else word


def _inside(root: Path, path: str) -> Path:
    return root / os.path.normpath("/" + path).lstrip("/")


def _expanded(word: str, env: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda match: env.get(match[1], match[0]), word)

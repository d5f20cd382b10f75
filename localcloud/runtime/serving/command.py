"""The command that starts an image's server in the image's own root: Vertex AI's custom-container contract."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from localcloud.runtime.serving import enter_root
from localcloud.runtime.serving.inside import inside
from localcloud.runtime.serving.users import ContainerUser, find_user

if TYPE_CHECKING:
    from collections.abc import Mapping

    from localcloud.runtime.serving.image import IngestedImage

_VARIABLE = re.compile(r"\$(\$|\(([A-Za-z_][A-Za-z0-9_]*)\))")
_DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"  # as container runtimes have it


@dataclass(frozen=True, slots=True)
class Command:
    """What to execute."""

    argv: tuple[str, ...]
    env: dict[str, str]
    cwd: Path


class Container(msgspec.Struct, frozen=True, kw_only=True):
    """What `enter_root` is told: a root on this machine, and what runs in it, in the container's own words."""

    root: str
    argv: tuple[str, ...]
    env: dict[str, str]
    cwd: str
    user: ContainerUser
    files: dict[str, str]  # files of this machine by the places, below root, where the container has them


def base_python() -> str:
    """Return the interpreter beneath any virtual environment."""
    return str(Path(getattr(sys, "_base_executable", sys.executable)).resolve())


def server_command(
    image: IngestedImage, container: Mapping[str, Any], contract: Mapping[str, str], files: Mapping[str, Path]
) -> Command:
    """Return how to start the image's server: the container's command and args where set, else the image's.

    The files of this machine are seen by the server at the paths that are their keys. Raises ValueError when nothing
    says what to run, or when the image has not the user that it names.
    """
    user = find_user(image.root, image.config.user)
    env = _environment(image, container, contract, user)
    command = tuple(container.get("command") or image.config.entrypoint)
    default = () if container.get("command") else image.config.cmd
    args = tuple(container.get("args") or default)
    argv = tuple(_expanded(word, env) for word in command + args)
    if not argv:
        raise ValueError("the image has neither Entrypoint nor Cmd, and containerSpec has no command")
    described = Container(
        root=str(image.root),
        argv=argv,
        env=env,
        cwd=os.path.normpath("/" + image.config.working_dir),
        user=user,
        files={str(inside(image.root, target)): str(source) for target, source in files.items()},
    )
    return Command(
        argv=(base_python(), "-I", "-S", enter_root.__file__),
        env={"CONTAINER": msgspec.json.encode(described).decode()},
        cwd=image.root,
    )


def _environment(
    image: IngestedImage, container: Mapping[str, Any], contract: Mapping[str, str], user: ContainerUser
) -> dict[str, str]:
    env = {"PATH": _DEFAULT_PATH, "HOME": user.home}
    env |= dict(pair.partition("=")[::2] for pair in image.config.env)
    return (
        env | {str(entry["name"]): str(entry.get("value", "")) for entry in container.get("env", [])} | dict(contract)
    )


def _expanded(word: str, env: Mapping[str, str]) -> str:
    """Return the word with `$(NAME)` replaced where the variable exists; `$$` is a dollar, as in Kubernetes."""
    return _VARIABLE.sub(lambda match: "$" if match[1] == "$" else env.get(match[2], match[0]), word)

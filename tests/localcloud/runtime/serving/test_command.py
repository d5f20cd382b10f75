"""What of an image and a containerSpec decides how a server is started."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from localcloud.runtime.serving.command import base_python, server_command
from localcloud.runtime.serving.image import ImageConfig, IngestedImage

ROUTES = {"AIP_HTTP_PORT": "1234", "AIP_PREDICT_ROUTE": "/predict"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An unpacked image with users."""
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/passwd").write_text("root:x:0:0::/root:/bin/sh\napp:x:1000:50::/home/app:/bin/sh\n")
    (tmp_path / "etc/group").write_text("staff:x:50:\nvideo:x:44:app,root\n")
    return tmp_path


def started(root: Path, container: dict[str, Any] | None = None, **config: Any) -> dict[str, Any]:
    """Return what the program that enters the root is told."""
    image = IngestedImage(root, ImageConfig(**config))
    command = server_command(image, container or {}, ROUTES, {"/etc/hosts": Path("/hosts")})
    assert command.argv[0] == base_python()
    assert list(command.env) == ["CONTAINER"]
    told: dict[str, Any] = json.loads(command.env["CONTAINER"])
    return told


def test_entrypoint_and_cmd_are_run_as_the_image_says(root: Path) -> None:
    told = started(root, entrypoint=("python", "/app/server.py"), cmd=("--fast",), working_dir="app")

    assert told["argv"] == ["python", "/app/server.py", "--fast"]
    assert (told["root"], told["cwd"]) == (str(root), "/app")


def test_the_containers_command_replaces_entrypoint_and_cmd(root: Path) -> None:
    container = {
        "command": ["python", "/app/server.py"],
        "args": ["--port=$(AIP_HTTP_PORT)", "$(UNKNOWN)", "$$(AIP_X)"],
    }

    told = started(root, container, entrypoint=("tool",), cmd=("never",))

    assert told["argv"] == ["python", "/app/server.py", "--port=1234", "$(UNKNOWN)", "$(AIP_X)"]


def test_args_alone_replace_cmd_only(root: Path) -> None:
    assert started(root, {"args": ["now"]}, entrypoint=("tool",), cmd=("never",))["argv"] == ["tool", "now"]


def test_the_environment_is_the_images_the_containers_and_the_contracts(root: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("SECRET_OF_THE_HOST", "x")
    container = {"env": [{"name": "MODE", "value": "fast"}, {"name": "AIP_HTTP_PORT", "value": "9"}]}

    env = started(root, container, cmd=("tool",), env=("MODE=slow", "KEPT=a=b", "PYTHONPATH=/app/lib"), user="app")[
        "env"
    ]

    assert env.pop("PATH") == "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    assert env == {"HOME": "/home/app", "MODE": "fast", "KEPT": "a=b", "PYTHONPATH": "/app/lib", **ROUTES}


@pytest.mark.parametrize(
    ("named", "numbers"),
    [
        ("", (0, 0, [44])),
        ("app", (1000, 50, [44])),
        ("1000", (1000, 50, [44])),
        ("app:video", (1000, 44, [])),
        ("app:7", (1000, 7, [])),
        ("4711", (4711, 0, [])),
    ],
)
def test_the_user_is_looked_up_in_the_image(root: Path, named: str, numbers: tuple[int, int, list[int]]) -> None:
    user = started(root, cmd=("tool",), user=named)["user"]

    assert (user["uid"], user["gid"], user["groups"]) == numbers


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        ({}, "neither Entrypoint nor Cmd"),
        ({"cmd": ("tool",), "user": "nobody"}, "unable to find user nobody: no matching entries in passwd file"),
        ({"cmd": ("tool",), "user": "app:wheel"}, "unable to find group wheel: no matching entries in group file"),
    ],
)
def test_what_an_image_lacks_is_named(root: Path, config: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        started(root, **config)


def test_a_file_of_the_machine_lands_inside_the_image_whatever_its_links_say(root: Path) -> None:
    (root / "private").mkdir()
    (root / "etc").rename(root / "private/etc")
    (root / "etc").symlink_to("/../private/etc")

    told = started(root, cmd=("tool",), user="app")

    assert told["files"] == {f"{root}/private/etc/hosts": "/hosts"}
    assert told["user"]["uid"] == 1000


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"{", "config is damaged"), (b"{}", "rootfs"), (b'{"rootfs": {"diff_ids": 3}}', "damaged"), (b"\xff", "damaged")],
)
def test_a_damaged_config_is_named(data: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        ImageConfig.parse(data)

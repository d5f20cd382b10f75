"""How an image's server is started with the host's Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from localcloud.runtime.serving.command import Command, base_python, server_command
from localcloud.runtime.serving.image import ImageConfig, IngestedImage

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An unpacked image with a program, a script and a tool."""
    for name, text in {
        "app/server.py": "",
        "usr/local/bin/run": "#!/usr/local/bin/python3\n",
        "usr/bin/tool": "#!/bin/sh\n",
        "etc/settings.json": "{}",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def command(root: Path, container: dict[str, Any] | None = None, **config: Any) -> Command:
    image = IngestedImage(root, ImageConfig(**config))
    return server_command(image, container or {}, {"AIP_HTTP_PORT": "1234", "AIP_PREDICT_ROUTE": "/predict"})


@pytest.mark.parametrize("python", ["python", "python3", "/usr/local/bin/python3.11"])
def test_python_is_the_hosts_base_interpreter_without_its_packages(root: Path, python: str) -> None:
    found = command(root, entrypoint=(python, "/app/server.py"))

    assert found.argv == (base_python(), "-S", str(root / "app" / "server.py"))


def test_a_python_script_of_the_image_runs_with_the_same_interpreter(root: Path) -> None:
    assert command(root, cmd=("run", "--fast")).argv == (base_python(), "-S", str(root / "usr/local/bin/run"), "--fast")


def test_other_programs_run_as_they_are(root: Path) -> None:
    assert command(root, entrypoint=("/usr/bin/tool",)).argv == (str(root / "usr" / "bin" / "tool"),)


def test_paths_of_the_image_are_led_into_its_folder_and_routes_stay(root: Path) -> None:
    words = ("/etc/settings.json", "--config=/etc/settings.json", "/predict")

    found = command(root, entrypoint=("python", "-m", "server"), cmd=words)

    inside = str(root / "etc" / "settings.json")
    assert found.argv[2:] == ("-m", "server", inside, f"--config={inside}", "/predict")


def test_a_path_cannot_climb_out_of_the_image(root: Path) -> None:
    found = command(root, entrypoint=("python", "server.py"), working_dir="/../../..")

    assert found.cwd == root


def test_the_containers_command_replaces_entrypoint_and_cmd(root: Path) -> None:
    container = {"command": ["python", "/app/server.py"], "args": ["--port=$(AIP_HTTP_PORT)", "$(UNKNOWN)"]}

    found = command(root, container, entrypoint=("tool",), cmd=("never",))

    assert found.argv[2:] == (str(root / "app" / "server.py"), "--port=1234", "$(UNKNOWN)")


def test_args_alone_replace_cmd_only(root: Path) -> None:
    found = command(root, {"args": ["now"]}, entrypoint=("tool",), cmd=("never",))

    assert found.argv == (str(root / "usr" / "bin" / "tool"), "now")


def test_the_environment_is_the_images_the_containers_and_the_contracts(root: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("SECRET_OF_THE_HOST", "x")
    container = {"env": [{"name": "MODE", "value": "fast"}, {"name": "AIP_HTTP_PORT", "value": "9"}]}

    found = command(root, container, cmd=("tool",), env=("MODE=slow", "KEPT=1", "PYTHONPATH=/app/lib:/app"))

    assert (found.env["MODE"], found.env["KEPT"], found.env["AIP_HTTP_PORT"]) == ("fast", "1", "1234")
    assert found.env["PYTHONPATH"] == f"{root}/app/lib:{root}/app"
    assert "SECRET_OF_THE_HOST" not in found.env


@pytest.mark.parametrize("config", [{"cmd": ("not-there",)}, {"cmd": ("/usr/bin/not-there",)}, {}])
def test_a_program_that_is_not_in_the_image_is_named(root: Path, config: dict[str, Any]) -> None:
    with pytest.raises(FileNotFoundError, match=r"not in the image|neither Entrypoint nor Cmd"):
        command(root, **config)

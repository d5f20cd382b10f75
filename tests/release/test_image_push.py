"""The serving image is pushed without showing the token to other processes."""

from __future__ import annotations

import base64
import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from google.oauth2.credentials import Credentials

from release.image_push import ImagePush, run_command
from tests.kernel.test_settings import COMPLETE
from vertex_dr.adapters.google.clients import Clients
from vertex_dr.kernel.errors import NotFound, Unreachable
from vertex_dr.kernel.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

DIGEST = f"sha256:{'a' * 64}"
SETTINGS = Settings.from_environment(COMPLETE)


class FreshCredentials(Credentials):  # type: ignore[misc] # publishes no types
    """A person's credentials that ask nobody for their token."""

    def refresh(self, _: object) -> None:
        self.token = "hush"  # noqa: S105 - made up


@dataclass
class Recorder:
    code: int = 0
    said: str = ""
    command: list[str] = field(default_factory=list)
    credentials: dict[str, Any] = field(default_factory=dict)

    def run(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        self.command = list(command)
        for option in command:
            if option.startswith("--dest-authfile="):
                self.credentials = json.loads(Path(option.partition("=")[2]).read_bytes())
        return subprocess.CompletedProcess(command, self.code, stdout=self.said)


@pytest.fixture
def layout(tmp_path: Path) -> Path:
    (tmp_path / "index.json").write_text(json.dumps({"manifests": [{"digest": DIGEST}]}))
    return tmp_path


def push(layout: Path, recorder: Recorder) -> str:
    clients = Clients(SETTINGS)
    clients.__dict__["credentials"] = FreshCredentials(token=None)
    return ImagePush(clients, SETTINGS.side).push(layout, image="diagnosis", tag="v1", run=recorder.run)


def test_a_token_reaches_skopeo_in_a_file_and_not_as_an_argument(layout: Path) -> None:
    recorder = Recorder()

    reference = push(layout, recorder)

    word = base64.b64encode(b"oauth2accesstoken:hush").decode()
    host = f"{SETTINGS.own.region}-docker.pkg.dev"
    assert reference == f"{host}/demo/vdr-images/diagnosis@{DIGEST}"
    assert recorder.credentials == {"auths": {host: {"auth": word}}}
    assert not any("hush" in argument or word in argument for argument in recorder.command)


def test_the_repository_is_asked_over_tls_only(layout: Path) -> None:
    recorder = Recorder()

    push(layout, recorder)

    assert recorder.command[-1] == f"docker://{SETTINGS.own.region}-docker.pkg.dev/demo/vdr-images/diagnosis:v1"
    assert not any("tls-verify" in argument for argument in recorder.command)


def test_a_repository_that_does_not_take_the_image_is_unreachable_in_skopeos_words(layout: Path) -> None:
    with pytest.raises(Unreachable, match="no such host"):
        push(layout, Recorder(code=1, said="no such host\n"))


def test_an_image_that_was_not_built_is_told_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="make setup"):
        push(tmp_path, Recorder())


def test_a_machine_without_skopeo_is_told_how_to_install_it() -> None:
    with pytest.raises(NotFound, match="apt-get install -y no-such-skopeo"):
        run_command(["no-such-skopeo"])

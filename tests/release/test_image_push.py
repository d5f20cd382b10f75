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

from release.commands import run_command
from release.image_push import ImagePush
from release.image_source import ResolvedImage
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


IMAGE = ResolvedImage(name="diagnosis", digest=DIGEST, source="oci:/built/image")


def push(recorder: Recorder) -> str:
    clients = Clients(SETTINGS)
    clients.__dict__["credentials"] = FreshCredentials(token=None)
    return ImagePush(clients, SETTINGS.side).push(IMAGE, tag="v1", run=recorder.run)


def test_a_token_reaches_skopeo_in_a_file_and_not_as_an_argument() -> None:
    recorder = Recorder()

    reference = push(recorder)

    word = base64.b64encode(b"oauth2accesstoken:hush").decode()
    host = f"{SETTINGS.own.region}-docker.pkg.dev"
    assert reference == f"{host}/demo/vdr-images/diagnosis@{DIGEST}"
    assert recorder.credentials == {"auths": {host: {"auth": word}}}
    assert not any("hush" in argument or word in argument for argument in recorder.command)


def test_the_repository_is_asked_over_tls_only() -> None:
    recorder = Recorder()

    push(recorder)

    assert recorder.command[-1] == f"docker://{SETTINGS.own.region}-docker.pkg.dev/demo/vdr-images/diagnosis:v1"
    assert not any("tls-verify" in argument for argument in recorder.command)


def test_a_repository_that_does_not_take_the_image_is_unreachable_in_skopeos_words() -> None:
    with pytest.raises(Unreachable, match="no such host"):
        push(Recorder(code=1, said="no such host\n"))


def test_every_platform_is_pushed_so_that_the_digest_stays() -> None:
    recorder = Recorder()

    push(recorder)

    assert {"--all", "--preserve-digests"} <= set(recorder.command)
    assert recorder.command[-2] == "oci:/built/image"


def test_a_machine_without_skopeo_is_told_how_to_install_it() -> None:
    with pytest.raises(NotFound, match="apt-get install -y no-such-skopeo"):
        run_command(["no-such-skopeo"])

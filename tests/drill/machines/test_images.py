"""The serving image is pushed without showing the token to other processes."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from drill.machines.images import push
from tests.kernel.test_settings import COMPLETE
from vertex_dr.kernel.settings import Settings

DIGEST = f"sha256:{'a' * 64}"


@dataclass
class Recorder:
    command: list[str] = field(default_factory=list)
    credentials: dict[str, Any] = field(default_factory=dict)

    def run(self, command: list[str]) -> tuple[int, str]:
        self.command = command
        for option in command:
            if option.startswith("--dest-authfile="):
                self.credentials = json.loads(Path(option.partition("=")[2]).read_bytes())
        return 0, ""


def test_a_token_reaches_skopeo_in_a_file_and_not_as_an_argument(tmp_path: Path) -> None:
    (tmp_path / "index.json").write_text(json.dumps({"manifests": [{"digest": DIGEST}]}))
    settings, recorder = Settings.from_environment(COMPLETE), Recorder()

    reference = push(cast("Any", recorder), tmp_path, settings=settings, tag="v1", token="hush")  # noqa: S106 - made up

    word = base64.b64encode(b"oauth2accesstoken:hush").decode()
    assert reference.endswith(f"@{DIGEST}")
    assert recorder.credentials == {"auths": {f"{settings.own.region}-docker.pkg.dev": {"auth": word}}}
    assert not any("hush" in argument or word in argument for argument in recorder.command)

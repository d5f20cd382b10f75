"""One life of a configuration: created, planned again, changed, planned again, destroyed.

Everything that is seen on the way is kept.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import ssl
import subprocess
import time
import urllib.request
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from localcloud.terraform_provider.errors import ProviderError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from localcloud.terraform_provider.parity.recorder import Recorder, Request

STEPS = ("create", "update", "destroy")
_BUILDER = "serviceAccount:123456789012-compute@developer.gserviceaccount.com"
_VARIABLE = {"create": "1", "update": "2", "destroy": "2"}
_CHANGES, _NO_CHANGES = 2, 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """What was seen, by step."""

    plans: dict[str, dict[str, str]] = field(default_factory=dict)
    replans: dict[str, dict[str, str]] = field(default_factory=dict)
    states: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    requests: dict[str, list[Request]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


def copy_root(root: Path, into: Path) -> None:
    """Make a copy of a root, its function's source zipped. The zip is the same byte by byte every time."""
    shutil.copytree(
        root, into, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*", "__pycache__")
    )
    source = into / "function"
    if source.is_dir():
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            for file in sorted(source.iterdir()):
                archive.writestr(zipfile.ZipInfo(file.name), file.read_bytes())
        (into / "function.zip").write_bytes(made.getvalue())


def let_build(cloud: Mapping[str, str]) -> None:
    """Let Compute Engine's default account build functions, since the roots' functions name no other.

    A new project grants it nothing: https://cloud.google.com/functions/docs/securing/build-custom-sa.
    """
    policy = _post(cloud, ":getIamPolicy", {})
    builder = {"role": "roles/cloudbuild.builds.builder", "members": [_BUILDER]}
    if builder not in policy["bindings"]:
        _post(cloud, ":setIamPolicy", {"policy": policy | {"bindings": [*policy["bindings"], builder]}})


def _post(cloud: Mapping[str, str], verb: str, body: dict[str, Any]) -> dict[str, Any]:
    url = f"https://cloudresourcemanager.googleapis.com/v1/projects/demo{verb}"
    headers = {"Authorization": f"Bearer {cloud['GOOGLE_OAUTH_ACCESS_TOKEN']}", "Content-Type": "application/json"}
    trust = urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=cloud["SSL_CERT_FILE"]))
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({"https": cloud["HTTPS_PROXY"]}), trust)
    with opener.open(urllib.request.Request(url, json.dumps(body).encode(), headers)) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def environment_of(cloud: dict[str, str], configuration: Path, recorder: Recorder) -> dict[str, str]:
    """Return the environment in which Terraform finds the provider and, through the recorder, the local cloud."""
    found = {name: text for name, text in cloud.items() if name.startswith("GOOGLE_")}
    found |= {"HTTPS_PROXY": recorder.url, "https_proxy": recorder.url, "SSL_CERT_FILE": cloud["SSL_CERT_FILE"]}
    found |= {"TF_CLI_CONFIG_FILE": str(configuration), "TF_IN_AUTOMATION": "1", "TF_INPUT": "0"}
    return {**os.environ, **found}


@dataclass(frozen=True, slots=True, kw_only=True)
class Terraform:
    """Terraform in a copy of a root."""

    directory: Path
    environment: dict[str, str]

    def run(self, *arguments: str, accepted: tuple[int, ...] = (0,)) -> str:
        """Return what a command prints.

        Raises ProviderError with all of it when its exit code is not among the accepted.
        """
        command = ["terraform", *arguments]
        done = subprocess.run(  # noqa: S603 - terraform, found on PATH as a user does
            command, cwd=self.directory, env=self.environment, check=False, capture_output=True, text=True
        )
        if done.returncode not in accepted:
            raise ProviderError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def plan(self, name: str, *arguments: str) -> dict[str, str]:
        """Make a plan file, and return the planned actions by address; what stays as it is is left out."""
        told = self.run(
            "plan", "-json", f"-out={name}", "-detailed-exitcode", *arguments, accepted=(_NO_CHANGES, _CHANGES)
        )
        changes = [event["change"] for event in map(json.loads, told.splitlines()) if event["type"] == "planned_change"]
        return {change["resource"]["addr"]: change["action"] for change in changes}

    def state(self) -> dict[str, dict[str, Any]]:
        """Return the attributes in the state file, by address."""
        state = json.loads((self.directory / "terraform.tfstate").read_text())
        found = {}
        for resource in state["resources"]:
            data = "data." if resource["mode"] == "data" else ""
            for instance in resource["instances"]:
                key = f"[{json.dumps(instance['index_key'])}]" if "index_key" in instance else ""
                found[f"{data}{resource['type']}.{resource['name']}{key}"] = instance["attributes"]
        return found

    def cycle(self, recorder: Recorder) -> Cycle:
        """Run the whole life. Raises ProviderError at the first command that fails."""
        seen = Cycle()
        self.run("init", "-no-color")
        for step in STEPS:
            variable = f"-var=step={_VARIABLE[step]}"
            arguments = [variable, "-destroy"] if step == "destroy" else [variable]
            seen.plans[step] = self.plan(f"{step}.plan", *arguments)
            recorder.take()
            started = time.monotonic()
            self.run("apply", "-no-color", f"{step}.plan")
            seen.seconds[step] = time.monotonic() - started
            seen.requests[step] = recorder.take()
            if step != "destroy":
                seen.states[step] = self.state()
                seen.replans[step] = self.plan("again.plan", variable)
        return seen

"""A copy of terraform/, and terraform run in it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[2]
STAND_IN = ROOT / "build" / "terraform-provider" / "terraform.rc"


def provider_configuration() -> str:
    """Return the Terraform CLI configuration that names the provider: the user's own, or the stand-in's."""
    configured = os.environ.get("TF_CLI_CONFIG_FILE", "")
    if Path(configured).is_file():
        return configured
    assert STAND_IN.exists(), f"found no provider: make setup makes {STAND_IN}"
    return str(STAND_IN)


@dataclass(frozen=True, slots=True)
class Tree:
    """A copy of terraform/ with a bundle beside it."""

    root: Path
    variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment that Terraform runs in."""
        return {
            **os.environ,
            "TF_CLI_CONFIG_FILE": provider_configuration(),
            "TF_IN_AUTOMATION": "1",
            "CHECKPOINT_DISABLE": "1",
            **self.variables,
        }

    def run(self, folder: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run terraform in a folder of the copy; a failure shows what Terraform said."""
        command = ["terraform", f"-chdir={self.root / 'terraform' / folder}", *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False, timeout=300)
        assert not check or done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
        return done

    def initialise(self, folder: str) -> None:
        """Make the folder ready for validate, test and plan, without the backend of its environment."""
        root = self.root / "terraform" / folder
        if (root / "backend.tf").exists():  # a plan wants a backend; this one's state is a file of the copy
            (root / "backend_override.tf").write_text('terraform {\n  backend "local" {}\n}\n')
        if not (root / ".terraform").exists():
            self.run(folder, "init", "-input=false", "-no-color")

    def planned(self, folder: str) -> dict[str, Any]:
        """Return the terraform plan of the folder as JSON."""
        self.initialise(folder)
        self.run(folder, "plan", "-input=false", "-no-color", "-refresh=false", "-out=it.tfplan")
        plan: dict[str, Any] = json.loads(self.run(folder, "show", "-json", "it.tfplan").stdout)
        return plan


def copied(root: Path) -> Path:
    """Copy terraform/ to the root and package the bundle beside it."""
    unwanted = shutil.ignore_patterns(".terraform", ".terraform.lock.hcl", "*.tfplan", "*.tfstate*")
    shutil.copytree(ROOT / "terraform", root / "terraform", ignore=unwanted)
    subprocess.run([sys.executable, ROOT / "scripts" / "package", root / "build" / "bundle.zip"], check=True)
    return root


def make(verb: str, tree: Tree, plans: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run one of the Makefile's verbs on the copy, with its plans in that folder."""
    command = ["make", verb, f"ENVS={tree.root / 'terraform' / 'envs'}", f"PLANS={plans}"]
    command += [f"{name}={value}" for name, value in variables.items()]
    return subprocess.run(
        command, cwd=ROOT, env=tree.environment, capture_output=True, text=True, check=False, timeout=300
    )

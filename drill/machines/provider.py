"""Which Terraform provider serves: asked of Terraform itself, with the user's own configuration first."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from vertex_dr.kernel.errors import NotFound
from vertex_dr.kernel.records import Record

if TYPE_CHECKING:
    from drill.machines.processes import Processes

__all__ = ["Provider", "find_provider"]

_GOOGLE = "registry.terraform.io/hashicorp/google"
_ASKING = """terraform {
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 7.30, < 9"
    }
  }
}
"""


class Provider(Record, frozen=True, kw_only=True):
    """The provider that Terraform will load, and the variables that make it so."""

    name: str
    version: str
    is_stand_in: bool
    terraform: str
    environment: dict[str, str]


def find_provider(processes: Processes, *, stand_in_configuration: Path, plugin_cache: Path) -> Provider:
    """Return the provider that the user's own Terraform configuration serves, or else the stand-in.

    Raises NotFound when neither is there.
    """
    plugin_cache.mkdir(parents=True, exist_ok=True)
    own = {"TF_PLUGIN_CACHE_DIR": str(plugin_cache)}
    if os.environ.get("TF_CLI_CONFIG_FILE") and not Path(os.environ["TF_CLI_CONFIG_FILE"]).exists():
        own["TF_CLI_CONFIG_FILE"] = os.devnull  # Terraform would warn at each command, and read nothing either way
    selected, found, terraform = _initialized(processes, own)
    if selected is not None:
        return Provider(
            name="hashicorp/google", version=selected, is_stand_in=False, terraform=terraform, environment=own
        )
    if not stand_in_configuration.exists():
        raise NotFound(
            "find a Terraform provider hashicorp/google",
            found=f"Terraform could not install it ({found}), and the stand-in is not built: "
            f"{stand_in_configuration} is missing",
            then="run make setup, or give Terraform a mirror of the provider through TF_CLI_CONFIG_FILE",
        )
    standing_in = {"TF_CLI_CONFIG_FILE": str(stand_in_configuration)}
    selected, problem, terraform = _initialized(processes, standing_in)
    if selected is None:
        raise NotFound(
            "use the stand-in for the Terraform provider hashicorp/google",
            found=f"terraform init with {stand_in_configuration} ended with: {problem}",
            then="remove build/terraform-provider and run make setup",
        )
    return Provider(
        name="stand-in for hashicorp/google",
        version=selected,
        is_stand_in=True,
        terraform=terraform,
        environment=standing_in,
    )


def _initialized(processes: Processes, environment: dict[str, str]) -> tuple[str | None, str, str]:
    with tempfile.TemporaryDirectory(prefix="vertex-dr-provider-") as name:
        folder = Path(name)
        (folder / "main.tf").write_text(_ASKING)
        ended = processes.run(
            ["terraform", "init", "-input=false", "-no-color"], environment=environment, folder=folder
        )
        versions = processes.run(["terraform", "version", "-json"], environment=environment, folder=folder).stdout
    told: dict[str, Any] = msgspec.json.decode(versions[versions.index("{") :])
    selected = told.get("provider_selections", {}).get(_GOOGLE) if ended.returncode == 0 else None
    lines = [line.strip("│╷╵ \t") for line in ended.stdout.splitlines()]
    reason = next((line for line in lines if line.startswith("Error")), "terraform init failed")
    return selected, reason, str(told["terraform_version"])

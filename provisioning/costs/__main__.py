"""`make costs`: plan the environments as if nothing existed, and print what they cost.

`python -m provisioning.costs [--envs terraform/envs]`. The plans are made in a copy without backend and without any
request; the provider is the one that Terraform is configured for.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from localcloud.core.addresses.authority import Authority
from provisioning.costs.compute import costs_of
from provisioning.costs.page import page
from provisioning.costs.plans import declared_in
from provisioning.costs.price_list import price_list
from vertex_dr.kernel.errors import Refused, VertexDrError

_ROOT = Path(__file__).parents[2]
_STAND_IN = _ROOT / "build" / "terraform-provider" / "terraform.rc"
_SIDES = ("primary", "dr")
_NOWHERE = "http://127.0.0.1:9"  # a plan of new things asks nobody; this makes sure of it
_LOCAL_BACKEND = 'terraform {\n  backend "local" {}\n}\n'


def planned(terraform: Path, side: str) -> dict[str, Any]:
    """Return the plan of a side that does not exist yet, made in a copy. Raises Refused when Terraform cannot plan."""
    folder = terraform / "envs" / side
    (folder / "backend_override.tf").write_text(_LOCAL_BACKEND)
    _run(folder, "init", "-input=false", "-no-color")
    _run(folder, "plan", "-input=false", "-no-color", "-refresh=false", "-out=costs.tfplan")
    plan: dict[str, Any] = json.loads(_run(folder, "show", "-json", "costs.tfplan"))
    return plan


def _run(folder: Path, *arguments: str) -> str:
    ended = subprocess.run(  # noqa: S603 - a fixed command
        ["terraform", f"-chdir={folder}", *arguments],  # noqa: S607 - found on PATH as a user does
        env=_environment(folder), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if ended.returncode:
        raise Refused(
            f"plan {folder.name} for its costs",
            found=ended.stderr.strip()[-800:],
            then="mend what Terraform says; make package builds the bundle that a plan needs",
        )
    return ended.stdout


def _environment(folder: Path) -> dict[str, str]:
    """Return the user's environment; with the stand-in, and nobody to answer it, where no provider is configured."""
    configured = Path(os.environ.get("TF_CLI_CONFIG_FILE", "")).is_file()
    if configured or not _STAND_IN.is_file():
        return {"GOOGLE_OAUTH_ACCESS_TOKEN": "none", **os.environ}
    trusted = Authority.kept_in(folder).file
    nowhere = {"HTTPS_PROXY": _NOWHERE, "SSL_CERT_FILE": str(trusted), "TF_CLI_CONFIG_FILE": str(_STAND_IN)}
    return {**os.environ, **nowhere, "CHECKPOINT_DISABLE": "1"}


def main() -> int:
    """Print the page and return the exit code."""
    parser = argparse.ArgumentParser(prog="make costs", description="Print what the declared environments cost.")
    parser.add_argument("--envs", type=Path, default=_ROOT / "terraform" / "envs", help="where the environments are")
    terraform = parser.parse_args().envs.resolve().parent
    unwanted = shutil.ignore_patterns(".terraform", ".terraform.lock.hcl", "*.tfplan", "*.tfstate*")
    try:
        prices = price_list()
        with tempfile.TemporaryDirectory(prefix="vertex-dr-costs-") as kept:
            copy = Path(kept) / "terraform"
            shutil.copytree(terraform, copy, ignore=unwanted)
            bundle = Path(kept) / "build" / "bundle.zip"
            bundle.parent.mkdir()
            bundle.write_bytes(b"costs do not depend on what is in it")
            declared = declared_in({side: planned(copy, side) for side in _SIDES})
        sys.stdout.write(page(costs_of(declared, prices), prices))
    except VertexDrError as error:
        sys.stderr.write(f"costs: {error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())

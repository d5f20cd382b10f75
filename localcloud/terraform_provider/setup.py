"""Make the stand-in provider ready for Terraform.

`python -m localcloud.terraform_provider.setup --into build/terraform-provider`.

Makes schema.json (the extract of the pinned wheel), a filesystem mirror with a launcher in the place of the provider's
binary, and terraform.rc, which tells Terraform of the mirror:
`TF_CLI_CONFIG_FILE=build/terraform-provider/terraform.rc terraform init`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import shlex
import sys
import tempfile
from pathlib import Path

from localcloud.terraform_provider.errors import ProviderError
from localcloud.terraform_provider.protocol.certificate import keep_certificate
from localcloud.terraform_provider.schemas import fields
from localcloud.terraform_provider.schemas.fields import fields_of
from localcloud.terraform_provider.schemas.javascript import Module
from localcloud.terraform_provider.schemas.resource_types import DATA_SOURCES, RESOURCES
from localcloud.terraform_provider.schemas.wheel import REQUIREMENTS, download_wheel, files

VERSION = "8.7.0"  # of the provider whose schemas the pinned wheel carries
_MACHINES = {"x86_64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
_REPOSITORY = Path(__file__).resolve().parents[2]


def extract(wheel: Path) -> dict[str, object]:
    """Return the schemas of the known resource types, and where each of their fields is found in the API."""
    folders = {"provider": "provider"}
    folders |= {name.removeprefix("google_").replace("_", "-"): name for name in RESOURCES}
    folders |= {"data-" + name.replace("_", "-"): f"data.{name}" for name in DATA_SOURCES}
    sources: dict[str, dict[str, str]] = {}
    for file in files(wheel, set(folders)):
        sources.setdefault(file.folder, {})[file.name] = file.text
    blocks = {
        folders[folder]: Module(texts["index.js"], texts["index.d.ts"]).root() for folder, texts in sources.items()
    }
    provider = blocks.pop("provider")
    del provider["attributes"]["alias"]  # Terraform's own
    return {
        "made_from": f"{wheel.name} (hashicorp/google {VERSION})",
        "provider": provider,
        "resources": {name: blocks[name] for name in sorted(RESOURCES)},
        "data": {name: blocks[f"data.{name}"] for name in DATA_SOURCES},
        "fields": {name: fields_of(resource, blocks[name]) for name, resource in sorted(RESOURCES.items())},
    }


def fingerprint() -> str:
    """Return a digest of everything the extract is made from: it is made again only when this changes."""
    schemas = Path(fields.__file__).parent
    sources = [REQUIREMENTS, schemas / "fields.py", schemas / "javascript.py", Path(__file__)]
    # Of the table only what the extraction reads: another fact of a type needs no download of the wheel.
    read = [(name, one.message, one.renames, sorted(one.keyed)) for name, one in sorted(RESOURCES.items())]
    table = json.dumps([read, DATA_SOURCES]).encode()
    return hashlib.sha256(table + b"".join(source.read_bytes() for source in sources)).hexdigest()


def write_schema(into: Path) -> bool:
    """Make schema.json exist in the directory; returns whether it had to be made.

    Nothing half-written is left behind.
    """
    target = into / "schema.json"
    if target.exists() and json.loads(target.read_text()).get("fingerprint") == fingerprint():
        return False
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into) as directory:
        wheel = download_wheel(Path(directory))
        made = Path(directory) / "schema.json"
        made.write_text(json.dumps({"fingerprint": fingerprint(), **extract(wheel)}, separators=(",", ":")))
        made.replace(target)
    return True


def write_mirror(into: Path) -> Path:
    """Make the launcher, the mirror and Terraform's configuration of it exist; return the configuration.

    The file that Terraform takes for the provider's binary only names the launcher, so that a lock file's checksum of
    it stays true when the launcher changes.
    """
    into = into.resolve()
    into.mkdir(parents=True, exist_ok=True)
    variables = {
        "LOCALCLOUD_TERRAFORM_CERTIFICATE": into / "certificate.json",
        "LOCALCLOUD_TERRAFORM_SCHEMA": into / "schema.json",
        "PYTHONPATH": _REPOSITORY,
    }
    keep_certificate(variables["LOCALCLOUD_TERRAFORM_CERTIFICATE"])
    exports = "".join(f"export {name}={shlex.quote(str(value))}\n" for name, value in variables.items())
    python = shlex.quote(sys.executable)
    command = f"{exports}unset PYTHONDONTWRITEBYTECODE\nexec {python} -P -m localcloud.terraform_provider\n"
    launcher = _script(into / "launcher", command)
    return write_configuration(into, _script(into / "binary", f'exec {shlex.quote(str(launcher))} "$@"\n'), VERSION)


def _script(path: Path, command: str) -> Path:
    """Make an executable script exist, replaced at once for whoever starts it meanwhile."""
    fresh = path.with_suffix(".new")
    fresh.write_text(
        f"#!/bin/sh\n# Made by localcloud.terraform_provider.setup: the stand-in for hashicorp/google.\n{command}"
    )
    fresh.chmod(0o755)
    return fresh.replace(path)


def write_configuration(into: Path, binary: Path, version: str) -> Path:
    """Make a filesystem mirror with the binary as hashicorp/google, and return Terraform's configuration of it."""
    mirror = into / "mirror"
    folder = mirror / "registry.terraform.io" / "hashicorp" / "google" / version
    folder /= f"{platform.system().lower()}_{_MACHINES.get(platform.machine(), platform.machine())}"
    folder.mkdir(parents=True, exist_ok=True)
    placed = folder / f"terraform-provider-google_v{version}"
    if not placed.is_symlink() or placed.readlink() != binary:
        placed.unlink(missing_ok=True)
        placed.symlink_to(binary)
    configuration = into / "terraform.rc"
    configuration.write_text(
        "provider_installation {\n  filesystem_mirror {\n"
        f"    path    = {json.dumps(str(mirror))}\n"
        '    include = ["registry.terraform.io/hashicorp/google"]\n  }\n}\n'
    )
    return configuration


def main() -> int:
    """Make the stand-in ready; return the process's exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m localcloud.terraform_provider.setup", description="Make the stand-in provider ready."
    )
    parser.add_argument(
        "--into", type=Path, default=Path("build/terraform-provider"), help="where to make it (default: %(default)s)"
    )
    into = parser.parse_args().into
    try:
        made = write_schema(into)
    except (ProviderError, OSError) as error:
        sys.stderr.write(f"terraform provider set-up failed: {error}\n")
        return 1
    configuration = write_mirror(into)
    sys.stdout.write(
        f"{'made' if made else 'kept'} {os.path.relpath(into)}; use it with TF_CLI_CONFIG_FILE={configuration}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())

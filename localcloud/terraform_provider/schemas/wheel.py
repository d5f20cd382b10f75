"""The wheel that the provider's schemas come from: downloaded once, read in place."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from localcloud.terraform_provider.errors import ProviderError

if TYPE_CHECKING:
    from collections.abc import Iterator

_REPOSITORY = Path(__file__).resolve().parents[3]
REQUIREMENTS = _REPOSITORY / "requirements" / "terraform-schema.txt"


def download_wheel(into: Path) -> Path:
    """Make the wheel that REQUIREMENTS pins exist in the directory, its hash checked, and return its path.

    Repeating is safe.
    """
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary", ":all:", "--require-hashes", "--requirement", str(REQUIREMENTS), "--dest", str(into)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - this interpreter's own pip
    wheels = sorted(into.glob("*.whl"))
    if done.returncode or not wheels:
        raise ProviderError(
            f"cannot download what {REQUIREMENTS} pins: {done.stderr.strip()}; check the package index and repeat"
        )
    return wheels[0]


class GeneratedFile(NamedTuple):
    """One file of the wheel's generated JavaScript."""

    folder: str
    name: str
    text: str


def files(wheel: Path, folders: set[str]) -> Iterator[GeneratedFile]:
    """Yield the generated modules in the given folders of the wheel's tarball.

    The tarball is read as a stream and nothing is unpacked: unpacked it takes 455 MB. Reading ends with the last
    folder asked for.
    """
    missing = {(folder, name) for folder in folders for name in ("index.js", "index.d.ts")}
    with zipfile.ZipFile(wheel) as archive:
        inner = next(name for name in archive.namelist() if name.endswith(".jsii.tgz"))
        with archive.open(inner) as packed, tarfile.open(fileobj=packed, mode="r|gz") as tarball:
            for member in tarball:
                parts = member.name.split("/")
                key = (parts[2], parts[3]) if parts[1:2] == ["lib"] and len(parts) == 4 else ("", "")  # noqa: PLR2004 - package/lib/folder/file
                if key in missing and (content := tarball.extractfile(member)):
                    missing.discard(key)
                    yield GeneratedFile(*key, content.read().decode())
                if not missing:
                    return
    raise ProviderError(
        f"{wheel.name} has no {' nor '.join(sorted({folder for folder, _ in missing}))}: the table names a type"
        f" it does not know"
    )

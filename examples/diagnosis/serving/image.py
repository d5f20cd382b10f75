#!/usr/bin/env python3
"""Build the serving image as an OCI image layout, without a container daemon.

Usage: examples/diagnosis/serving/image.py LAYOUT_DIR
The same sources and pins give the same digests: entries are sorted, owners and times fixed, bytecode carries no time.
"""

from __future__ import annotations

import compileall
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from py_compile import PycInvalidationMode
from typing import Any, BinaryIO, cast

HERE = Path(__file__).resolve().parent
PROGRAM = ("artifact.py", "server.py")
LAYER = "application/vnd.oci.image.layer.v1.tar"
# What no prediction reads: it is a third of the wheels.
PRUNED_FOLDERS = {"tests", "bin", "__pycache__", "include", "_examples"}
PRUNED_PATHS = {"sklearn/datasets/data", "sklearn/datasets/images", "sklearn/datasets/descr"}
PRUNED_SUFFIXES = {".pyi", ".pyx", ".pxd", ".c", ".h", ".a", ".build", ".tp", ".pxi", ".cpp"}


class DigestingWriter:
    """A file that knows the SHA-256 and the size of what went into it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.sha256 = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        """Write the data and count it."""
        self.sha256.update(data)
        self.size += len(data)
        return self._file.write(data)


def install(site: Path) -> None:
    """Make site hold the pinned wheels' content, pruned, with bytecode that is valid without a look at its source."""
    shutil.rmtree(site, ignore_errors=True)
    uv = str(Path(sys.executable).with_name("uv"))
    subprocess.run(  # noqa: S603 - the project's own installer
        [uv, "pip", "install", "--quiet", "--python", sys.executable, "--target", str(site), "--require-hashes",
         "--no-deps", "--only-binary", ":all:", "-r", str(HERE / "requirements.txt")],
        check=True,
    )  # fmt: skip
    for folder, names, files in os.walk(site):
        here = Path(folder)
        for name in [n for n in names if n in PRUNED_FOLDERS or str((here / n).relative_to(site)) in PRUNED_PATHS]:
            shutil.rmtree(here / name)
            names.remove(name)
        for name in files:
            if Path(name).suffix in PRUNED_SUFFIXES or name in {"RECORD", "INSTALLER", "REQUESTED", ".lock"}:
                (here / name).unlink()
    compiled = compileall.compile_dir(
        site, quiet=2, workers=2, stripdir=str(site), prependdir="/app/site",
        invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
    )  # fmt: skip
    if not compiled:
        raise SystemExit(f"cannot compile the wheels in {site}: see the lines above; remove build/ and run again")


def write_layer(blobs: Path, entries: list[tuple[str, Path]]) -> dict[str, Any]:
    """Write one uncompressed layer with these files, and return its descriptor."""
    folders = sorted({str(parent) for name, _ in entries for parent in Path(name).parents if str(parent) != "."})
    partial = blobs / "partial"
    with partial.open("wb") as file:
        out = DigestingWriter(file)
        with tarfile.open(fileobj=cast("BinaryIO", out), mode="w|", format=tarfile.GNU_FORMAT) as tar:
            for folder in folders:
                info = tarfile.TarInfo(folder)
                info.type, info.mode = tarfile.DIRTYPE, 0o755
                tar.addfile(info)
            for name, path in sorted(entries):
                info = tarfile.TarInfo(name)
                info.size, info.mode = path.stat().st_size, 0o644
                with path.open("rb") as source:
                    tar.addfile(info, source)
    digest = out.sha256.hexdigest()
    partial.rename(blobs / digest)
    return {"mediaType": LAYER, "digest": f"sha256:{digest}", "size": out.size}


def write_blob(blobs: Path, media_type: str, content: dict[str, Any]) -> dict[str, Any]:
    """Write a JSON blob and return its descriptor."""
    data = json.dumps(content, indent=1, sort_keys=True).encode()
    digest = hashlib.sha256(data).hexdigest()
    (blobs / digest).write_bytes(data)
    return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": len(data)}


def build(layout: Path) -> str:
    """Make layout a complete OCI image layout and return the image's digest; repeating it gives the same one."""
    site = layout.with_name(layout.name + "-site")
    install(site)
    shutil.rmtree(layout, ignore_errors=True)
    blobs = layout / "blobs" / "sha256"
    blobs.mkdir(parents=True)
    wheels = [(f"app/site/{p.relative_to(site)}", p) for p in site.rglob("*") if p.is_file()]
    layers = [write_layer(blobs, wheels), write_layer(blobs, [(f"app/{n}", HERE / n) for n in PROGRAM])]
    config = write_blob(
        blobs,
        "application/vnd.oci.image.config.v1+json",
        {
            "architecture": "amd64",
            "os": "linux",
            "config": {
                "Entrypoint": ["python3", "/app/server.py"],
                # One thread a prediction: the model is small, and threads of threads fight over the cores.
                "Env": ["PYTHONPATH=/app/site", "OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1"],
                "ExposedPorts": {"8080/tcp": {}},
                "WorkingDir": "/app",
            },
            "rootfs": {"type": "layers", "diff_ids": [layer["digest"] for layer in layers]},
        },
    )
    media_type = "application/vnd.oci.image.manifest.v1+json"
    manifest = write_blob(
        blobs, media_type, {"schemaVersion": 2, "mediaType": media_type, "config": config, "layers": layers}
    )
    tagged = {**manifest, "annotations": {"org.opencontainers.image.ref.name": "latest"}}
    (layout / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [tagged]}, indent=1))
    (layout / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}\n')
    shutil.rmtree(site)
    return str(manifest["digest"])


if __name__ == "__main__":
    if len(sys.argv) != 2:  # noqa: PLR2004 - the program and its one argument
        sys.exit("usage: examples/diagnosis/serving/image.py LAYOUT_DIR")
    print(build(Path(sys.argv[1])))  # noqa: T201 - its answer

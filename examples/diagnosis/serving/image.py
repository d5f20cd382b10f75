#!/usr/bin/env python3
"""Build the serving image as an OCI image layout, without a container daemon.

Usage: examples/diagnosis/serving/image.py BASE_DIR LAYOUT_DIR
It is base.py's base, the pinned wheels for the base's interpreter, and the server: one image for each platform of the
base, with an index over them where there are several. The same base, sources and pins give the same digests: entries
are sorted, owners and times fixed, bytecode carries no time.
"""

from __future__ import annotations

import compileall
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from py_compile import PycInvalidationMode
from typing import Any, BinaryIO, cast

from base import CONFIG, LAYER, MANIFEST, NAME, blob, read_index, read_json, write_index, write_json

HERE = Path(__file__).resolve().parent
PROGRAM = ("artifact.py", "server.py")
INDEX = "application/vnd.oci.image.index.v1+json"
TARGETS = {"amd64": "x86_64-manylinux_2_28", "arm64": "aarch64-manylinux_2_28"}
DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
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


def interpreter(layout: Path, manifest: dict[str, Any], config: dict[str, Any]) -> str:
    """Return the version, as 3.11, of the interpreter that `python3` is in a container of this image."""
    found: dict[str, str] = {}
    for layer in manifest["layers"]:
        with tarfile.open(blob(layout, layer["digest"]), "r|*") as tar:
            for member in tar:
                path = re.fullmatch(r"(?:\./)?(.+)/python(3\.\d+)", member.name)
                if path and (member.isfile() or member.issym()):
                    found[path[1]] = path[2]
    environment = dict(pair.partition("=")[::2] for pair in config["config"].get("Env") or [])
    for folder in environment.get("PATH", DEFAULT_PATH).split(":"):
        if folder.strip("/") in found:
            return found[folder.strip("/")]
    raise SystemExit("cannot build the serving image: its base has no Python on its PATH; name another in SERVING_BASE")


def install(site: Path, requirements: Path, *, version: str, target: str) -> None:
    """Make site hold the pinned wheels' content for an interpreter and a platform, pruned.

    Bytecode that is valid without a look at its source comes along where this interpreter makes the same.
    """
    shutil.rmtree(site, ignore_errors=True)
    site.mkdir(parents=True)
    uv = str(Path(sys.executable).with_name("uv"))
    subprocess.run(  # noqa: S603 - the project's own installer
        [uv, "pip", "install", "--quiet", "--python", sys.executable, "--python-version", version,
         "--python-platform", target, "--target", str(site), "--require-hashes", "--no-deps",
         "--only-binary", ":all:", "-r", str(requirements)],
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
    if version != f"{sys.version_info.major}.{sys.version_info.minor}":
        return
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


def build(base: Path, layout: Path, requirements: Path = HERE / "requirements.txt") -> str:
    """Make layout a complete OCI image layout and return the image's digest; repeating it gives the same one."""
    site = layout.with_name(layout.name + "-site")
    shutil.rmtree(layout, ignore_errors=True)
    (layout / "blobs" / "sha256").mkdir(parents=True)
    images = []
    for described in read_index(base):
        config = read_json(base, read_json(base, described["digest"])["config"]["digest"])
        version = interpreter(base, read_json(base, described["digest"]), config)
        install(site, requirements, version=version, target=TARGETS[config["architecture"]])
        images.append(image(base, described, layout, site))
    shutil.rmtree(site)
    top = images[0]
    if len(images) > 1:
        top = write_json(layout, INDEX, {"schemaVersion": 2, "mediaType": INDEX, "manifests": images})
    write_index(layout, [top | {"annotations": {NAME: "latest"}}])
    return str(top["digest"])


def image(base: Path, described: dict[str, Any], layout: Path, site: Path) -> dict[str, Any]:
    """Write the image over one of the base's images, with what site holds, and return its descriptor."""
    below = read_json(base, described["digest"])
    config = read_json(base, below["config"]["digest"])
    for layer in below["layers"]:
        link(blob(base, layer["digest"]), blob(layout, layer["digest"]))
    blobs = layout / "blobs" / "sha256"
    wheels = [(f"app/site/{p.relative_to(site)}", p) for p in site.rglob("*") if p.is_file()]
    layers = [write_layer(blobs, wheels), write_layer(blobs, [(f"app/{n}", HERE / n) for n in PROGRAM])]
    # One thread a prediction: the model is small, and threads of threads fight over the cores.
    own = ["PYTHONPATH=/app/site", "OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1"]
    written = write_json(
        layout,
        CONFIG,
        {
            "architecture": config["architecture"],
            "os": config["os"],
            "config": {
                "Entrypoint": ["python3", "/app/server.py"],
                "Env": [*(config["config"].get("Env") or []), *own],
                "ExposedPorts": {"8080/tcp": {}},
                "User": "nobody",
                "WorkingDir": "/app",
            },
            "rootfs": {
                "type": "layers",
                "diff_ids": [*config["rootfs"]["diff_ids"], *(layer["digest"] for layer in layers)],
            },
        },
    )
    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": written,
        "layers": [*({**layer, "mediaType": oci(layer["mediaType"])} for layer in below["layers"]), *layers],
        "annotations": {
            "org.opencontainers.image.base.digest": described["digest"],
            "org.opencontainers.image.base.name": described["annotations"][NAME],
        },
    }
    platform = {"architecture": config["architecture"], "os": config["os"]}
    descriptor: dict[str, Any] = write_json(layout, MANIFEST, manifest) | {"platform": platform}
    return descriptor


def link(source: Path, target: Path) -> None:
    """Make target the same file: layers of the base are large, and two platforms may share one."""
    target.unlink(missing_ok=True)
    target.hardlink_to(source)


def oci(media_type: str) -> str:
    """Return OCI's name of a layer's type; Docker's names mean the same content."""
    return {"application/vnd.docker.image.rootfs.diff.tar.gzip": f"{LAYER}+gzip"}.get(media_type, media_type)


if __name__ == "__main__":
    if len(sys.argv) != 3:  # noqa: PLR2004 - the program and its two arguments
        sys.exit("usage: examples/diagnosis/serving/image.py BASE_DIR LAYOUT_DIR")
    print(build(Path(sys.argv[1]), Path(sys.argv[2])))  # noqa: T201 - its answer

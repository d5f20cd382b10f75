#!/usr/bin/env python3
"""Make the base of the serving image: an OCI layout of libc, Python and certificate authorities for each platform.

Usage: examples/diagnosis/serving/base.py LAYOUT_DIR
SERVING_BASE names an image of a registry by digest: its linux/amd64 and linux/arm64 are taken. Without it, a minimal
root file system for this machine's processor is made from Debian packages. A layout of the same recipe is kept.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar"
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
REFERENCE = re.compile(r"(?P<host>[^/]+)/(?P<name>.+)@(?P<digest>sha256:[0-9a-f]{64})")
NAME = "org.opencontainers.image.ref.name"

SUITE = "bookworm"  # its Python is 3.11, the oldest that the pins are compiled for
PACKAGES = (
    "base-files", "base-passwd", "ca-certificates", "dash", "libc-bin", "libpython3-stdlib", "libstdc++6",
    "python3-minimal",
)  # fmt: skip
# What no container needs: what installs packages, manuals, translations, and what set-up's own machine put in.
PRUNED = (
    "boot", "etc/cron.daily", "etc/dpkg", "etc/fstab", "etc/hostname", "etc/logrotate.d", "etc/resolv.conf",
    "usr/bin/perl*", "usr/lib/*-linux-gnu/gconv", "usr/lib/*-linux-gnu/perl-base", "usr/lib/python3*/pydoc_data",
    "usr/lib/python3*/test", "usr/share/info", "usr/share/lintian", "usr/share/locale", "usr/share/man",
    "usr/share/perl5", "var/cache/debconf",
)  # fmt: skip
# Packages are unpacked and not configured, a fifth of the time; these do what their scripts would have done.
HOOKS = (
    'for one in passwd group; do cp "$1/usr/share/base-passwd/$one.master" "$1/etc/$one"; done',
    'cat "$1"/usr/share/ca-certificates/mozilla/*.crt >"$1/etc/ssl/certs/ca-certificates.crt"',
    # Scanners of images find the packages here, as in other images without a package manager.
    """mkdir -p "$1/var/lib/dpkg/status.d"
    for deb in "$1"/var/cache/apt/archives/*.deb; do
      { dpkg-deb --field "$deb" && echo "Status: install ok installed"
      } >"$1/var/lib/dpkg/status.d/$(dpkg-deb --field "$deb" Package)"
    done""",
    f'cd "$1" && rm -rf {" ".join(PRUNED)} && find usr/share/doc -type f ! -name copyright -delete',
    # A container's root is read-only: what is not compiled now would be compiled at every start.
    'chroot "$1" /usr/bin/python3 -I -S -m compileall -q --invalidation-mode unchecked-hash /usr/lib/python3.11',
)


class BaseUnavailable(Exception):
    """The base cannot be made; the message says why and what to do."""


def make(layout: Path, reference: str) -> None:
    """Make layout the base that the reference names, or Debian's when it is empty. Repeating is quick.

    Raises BaseUnavailable.
    """
    machine = ARCHITECTURES.get(platform.machine())
    if machine is None:
        raise BaseUnavailable(f"make the serving image's base: {platform.machine()} is neither x86_64 nor aarch64")
    recipe = hashlib.sha256(f"{reference} {machine} ".encode() + Path(__file__).read_bytes()).hexdigest()
    kept = layout / "recipe"
    if kept.is_file() and kept.read_text() == recipe:
        return
    staged = layout.with_name(f".{layout.name}-{os.getpid()}")
    shutil.rmtree(staged, ignore_errors=True)
    try:
        (staged / "blobs" / "sha256").mkdir(parents=True)
        described = pulled(staged, reference) if reference else [debian(staged, machine)]
        write_index(staged, described)
        (staged / "recipe").write_text(recipe)
        shutil.rmtree(layout, ignore_errors=True)
        staged.rename(layout)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def debian(layout: Path, architecture: str) -> dict[str, Any]:
    """Write an image of one layer with Debian's packages, and return its descriptor.

    The same packages give the same digest, whoever makes it, when and as which user.
    """
    partial = layout / "blobs" / "sha256" / "partial"
    hooks = [f"--extract-hook={hook}" for hook in HOOKS]
    run(
        ["mmdebstrap", "--quiet", "--variant=extract", f"--include={','.join(PACKAGES)}",
         f"--architectures={architecture}", "--format=tar", "--skip=output/dev", *hooks, SUITE, str(partial)],
        then="see what mmdebstrap says, or name a base in a registry: SERVING_BASE=HOST/NAME@sha256:…",
        env=os.environ | {"SOURCE_DATE_EPOCH": "0"},
    )  # fmt: skip
    with partial.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    size = partial.stat().st_size
    partial.rename(partial.with_name(digest))
    layer = {"mediaType": LAYER, "digest": f"sha256:{digest}", "size": size}
    config = {
        "architecture": architecture,
        "os": "linux",
        "config": {"Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8"]},
        "rootfs": {"type": "layers", "diff_ids": [layer["digest"]]},
        "history": [{"created_by": f"mmdebstrap {SUITE} {' '.join(PACKAGES)}"}],
    }
    described = write_json(layout, CONFIG, config)
    manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": described, "layers": [layer]}
    return write_json(layout, MANIFEST, manifest) | {
        "platform": {"architecture": architecture, "os": "linux"},
        "annotations": {NAME: f"debian-{SUITE}"},
    }


def pulled(layout: Path, reference: str) -> list[dict[str, Any]]:
    """Copy the images of the reference for our platforms from their registry, and return their descriptors."""
    found = REFERENCE.fullmatch(reference)
    if found is None:
        raise BaseUnavailable(
            f"make the serving image's base from SERVING_BASE={reference}: it names no digest, so that it could change "
            "between two builds; name it as HOST/NAME@sha256:…"
        )
    name = f"docker://{found['host']}/{found['name']}"
    document = json.loads(skopeo("inspect", "--raw", f"{name}@{found['digest']}"))
    listed = document.get("manifests") or [{"digest": found["digest"], "platform": None}]
    described = []
    for descriptor in listed:
        digest, said = descriptor["digest"], descriptor["platform"]
        if said and (said.get("os") != "linux" or said.get("architecture") not in ARCHITECTURES.values()):
            continue
        folder = layout / "pulled"  # a layout takes OCI's kind of manifest only, and many bases have Docker's
        skopeo("copy", "--quiet", "--preserve-digests", f"{name}@{digest}", f"dir:{folder}")
        for content in folder.iterdir():
            if re.fullmatch(r"[0-9a-f]{64}", content.name):
                content.replace(blob(layout, content.name))
        (folder / "manifest.json").replace(blob(layout, digest))
        shutil.rmtree(folder)
        manifest = read_json(layout, digest)
        config = read_json(layout, manifest["config"]["digest"])
        described.append({
            "mediaType": manifest.get("mediaType", MANIFEST),
            "digest": digest,
            "size": blob(layout, digest).stat().st_size,
            "platform": {"architecture": config["architecture"], "os": config["os"]},
            "annotations": {NAME: f"{found['host']}/{found['name']}"},
        })  # fmt: skip
    if not described:
        raise BaseUnavailable(f"take {reference} as base: it has no image for linux/amd64 or linux/arm64; name another")
    return described


def skopeo(*arguments: str) -> str:
    """Return what skopeo prints; raises BaseUnavailable with its own words."""
    then = "see what skopeo says, or leave SERVING_BASE empty to make the base from Debian packages"
    return run(["skopeo", *arguments], then=then)


def run(command: list[str], *, then: str, env: dict[str, str] | None = None) -> str:
    """Return what the command prints; raises BaseUnavailable with the end of what it says."""
    try:
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)  # noqa: S603 - our own words, no shell
    except FileNotFoundError:
        raise BaseUnavailable(
            f"make the serving image's base: {command[0]} is not on PATH; apt-get install -y {command[0]}"
        ) from None
    if done.returncode != 0:
        raise BaseUnavailable(f"make the serving image's base: {command[0]}: {done.stderr.strip()[-1500:]}; {then}")
    return done.stdout


def blob(layout: Path, digest: str) -> Path:
    """Return where the layout keeps the content of this digest."""
    return layout / "blobs" / "sha256" / digest.removeprefix("sha256:")


def read_json(layout: Path, digest: str) -> dict[str, Any]:
    """Return the document that the layout keeps under the digest."""
    content: dict[str, Any] = json.loads(blob(layout, digest).read_bytes())
    return content


def write_json(layout: Path, media_type: str, content: dict[str, Any]) -> dict[str, Any]:
    """Write a document into the layout and return its descriptor."""
    data = json.dumps(content, indent=1, sort_keys=True).encode()
    digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
    blob(layout, digest).write_bytes(data)
    return {"mediaType": media_type, "digest": digest, "size": len(data)}


def read_index(layout: Path) -> list[dict[str, Any]]:
    """Return the descriptors of the layout's images."""
    manifests: list[dict[str, Any]] = json.loads((layout / "index.json").read_bytes())["manifests"]
    return manifests


def write_index(layout: Path, manifests: list[dict[str, Any]]) -> None:
    """Write the two files that make a folder of blobs an OCI layout."""
    index = {"schemaVersion": 2, "manifests": manifests}
    (layout / "index.json").write_text(json.dumps(index, indent=1, sort_keys=True))
    (layout / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}\n')


if __name__ == "__main__":
    if len(sys.argv) != 2:  # noqa: PLR2004 - the program and its one argument
        sys.exit("usage: examples/diagnosis/serving/base.py LAYOUT_DIR")
    try:
        make(Path(sys.argv[1]), os.environ.get("SERVING_BASE", ""))
    except BaseUnavailable as error:
        sys.exit(f"cannot {error}")

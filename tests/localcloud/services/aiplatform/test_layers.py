"""Unpacking layers: what a container would see, and nothing outside its folder."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import tarfile
from typing import TYPE_CHECKING

import pytest

from localcloud.services.aiplatform.layers import BadLayer, unpack_layer

if TYPE_CHECKING:
    from pathlib import Path

Entry = tuple[str, bytes, str]
FILE, LINK, HARD, FOLDER, DEVICE = tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.CHRTYPE
PIPE = tarfile.FIFOTYPE


def write(path: Path, *entries: Entry, mode: int = 0o755) -> Path:
    """Write a layer of (name, type, content or target)."""
    with tarfile.open(path, "w") as archive:
        for name, kind, text in entries:
            member = tarfile.TarInfo(name)
            member.type, member.mode = kind, mode
            if kind in {LINK, HARD}:
                member.linkname = text
                archive.addfile(member)
            else:
                member.size = len(text) if kind == FILE else 0
                archive.addfile(member, io.BytesIO(text.encode()))
    return path


def unpack(root: Path, *layers: Path) -> Path:
    for layer in layers:
        unpack_layer(layer, root, f"sha256:{hashlib.sha256(layer.read_bytes()).hexdigest()}")
    return root


def files(root: Path) -> dict[str, str]:
    return {str(path.relative_to(root)): path.read_text() for path in root.rglob("*") if path.is_file()}


def test_upper_layers_replace_and_hide_what_lies_below(tmp_path: Path) -> None:
    below = write(
        tmp_path / "1",
        ("a/kept", FILE, "below"),
        ("a/hidden", FILE, "below"),
        ("a/replaced", FILE, "below"),
        ("gone/deep/file", FILE, "below"),
        ("cleared/old", FILE, "below"),
    )
    above = write(
        tmp_path / "2",
        ("a/.wh.hidden", FILE, ""),
        ("a/replaced", FILE, "above"),
        (".wh.gone", FILE, ""),
        ("cleared/.wh..wh..opq", FILE, ""),
        ("cleared/new", FILE, "above"),
    )

    root = unpack(tmp_path / "root", below, above)

    assert files(root) == {"a/kept": "below", "a/replaced": "above", "cleared/new": "above"}
    assert not (root / "gone").exists()


def test_a_whiteout_hides_nothing_of_its_own_layer_wherever_it_stands(tmp_path: Path) -> None:
    below = write(tmp_path / "1", ("a/old", FILE, "below"), ("a/deep/old", FILE, "below"), ("b", FILE, "below"))
    above = write(
        tmp_path / "2",
        ("a/new", FILE, "above"),
        ("a/deep/new", FILE, "above"),
        ("b", FILE, "above"),
        ("a/.wh..wh..opq", FILE, ""),
        (".wh.b", FILE, ""),
    )

    root = unpack(tmp_path / "root", below, above)

    assert files(root) == {"a/new": "above", "a/deep/new": "above", "b": "above"}


def test_the_last_of_equal_paths_stands(tmp_path: Path) -> None:
    layer = write(tmp_path / "1", ("a", FILE, "first"), ("./a", FILE, "second"), ("b", FILE, "x"), ("b", FOLDER, ""))

    root = unpack(tmp_path / "root", layer)

    assert files(root) == {"a": "second"}
    assert (root / "b").is_dir()


@pytest.mark.parametrize(
    "entries",
    [
        [("../outside", FILE, "x")],
        [("a/../../outside", FILE, "x")],
        [("a/.wh...", FILE, "")],
        [("stolen", HARD, "../../outside")],
    ],
)
def test_no_entry_leaves_the_folder(tmp_path: Path, entries: list[Entry]) -> None:
    (tmp_path / "bystander").write_text("untouched")
    layer = write(tmp_path / "layer", *entries)

    with pytest.raises(BadLayer, match=entries[-1][0]):
        unpack(tmp_path / "deep" / "root", layer)

    assert (tmp_path / "bystander").read_text() == "untouched"
    assert not list(tmp_path.rglob("outside"))


@pytest.mark.parametrize("target", ["../../..", "/", "/etc/../../.."])
def test_a_link_that_climbs_out_ends_at_the_root_as_in_a_container(tmp_path: Path, target: str) -> None:
    layer = write(tmp_path / "layer", ("a/link", LINK, target), ("a/link/written", FILE, "x"), ("c", HARD, "a/link/a"))
    hard = write(tmp_path / "hard", ("stolen", HARD, "a/link/bystander"))
    (tmp_path / "bystander").write_text("untouched")

    with pytest.raises(BadLayer, match="entry 'c'"):  # a link to a folder
        unpack(tmp_path / "deep" / "root", layer)
    with pytest.raises(BadLayer, match="stolen"):
        unpack(tmp_path / "deep" / "root", hard)

    assert (tmp_path / "deep" / "root" / "written").read_text() == "x"
    assert not (tmp_path / "written").exists()


def test_an_absolute_link_keeps_its_text_and_means_the_images_own_path(tmp_path: Path) -> None:
    layer = write(
        tmp_path / "layer", ("usr/lib", FOLDER, ""), ("lib", LINK, "/usr/lib"), ("lib/module", FILE, "inside")
    )

    root = unpack(tmp_path / "root", layer)

    assert (root / "usr" / "lib" / "module").read_text() == "inside"
    assert str((root / "lib").readlink()) == "/usr/lib"


def test_links_in_circles_are_named(tmp_path: Path) -> None:
    layer = write(tmp_path / "layer", ("a", LINK, "b"), ("b", LINK, "a"), ("a/file", FILE, "x"))

    with pytest.raises(BadLayer, match=r"'a/file'.*more than 40 links"):
        unpack(tmp_path / "root", layer)


def test_hard_links_share_content_pipes_are_made_and_devices_are_left_out(tmp_path: Path) -> None:
    layer = write(
        tmp_path / "layer",
        ("a", FILE, "x"),
        ("b", HARD, "a"),
        ("b", HARD, "b"),
        ("dev/null", DEVICE, ""),
        ("p", PIPE, ""),
    )

    root = unpack(tmp_path / "root", layer)

    assert (root / "a").samefile(root / "b")
    assert (root / "p").is_fifo()
    assert not (root / "dev" / "null").exists()


def test_modes_are_kept(tmp_path: Path) -> None:
    layer = write(tmp_path / "layer", ("folder", FOLDER, ""), ("folder/run", FILE, "x"), mode=0o1751)

    root = unpack(tmp_path / "root", layer)

    assert [(root / name).stat().st_mode & 0o7777 for name in ("folder", "folder/run")] == [0o1751, 0o1751]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_owners_are_kept(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "layer", "w") as archive:
        member = tarfile.TarInfo("owned")
        member.uid, member.gid = 65534, 42
        archive.addfile(member)

    root = unpack(tmp_path / "root", tmp_path / "layer")

    assert ((root / "owned").stat().st_uid, (root / "owned").stat().st_gid) == (65534, 42)


def test_a_layer_whose_content_is_not_what_the_config_says_is_named_with_both(tmp_path: Path) -> None:
    layer = write(tmp_path / "layer", ("a", FILE, "x"))

    with pytest.raises(BadLayer, match=r"the layer layer holds sha256:\w+, and the image's config says sha256:0"):
        unpack_layer(layer, tmp_path / "root", "sha256:0")


WHOLE = gzip.compress(b"x" * 5000)
BROKEN = [
    (b"\x28\xb5\x2f\xfd....", "zstd"),
    (b"no tar" * 99, "cannot unpack"),
    (WHOLE[: len(WHOLE) // 2], "cannot unpack"),
    (WHOLE, "cannot unpack"),
]


@pytest.mark.parametrize(("data", "reason"), BROKEN)
def test_a_layer_that_cannot_be_read_says_why(tmp_path: Path, data: bytes, reason: str) -> None:
    layer = tmp_path / "layer"
    layer.write_bytes(data)

    with pytest.raises(BadLayer, match=reason):
        unpack(tmp_path / "root", layer)

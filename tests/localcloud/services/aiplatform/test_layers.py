"""Unpacking layers: what a container would see, and nothing outside its folder."""

from __future__ import annotations

import io
import tarfile
from typing import TYPE_CHECKING

import pytest

from localcloud.services.aiplatform.layers import BadLayer, unpack_layers

if TYPE_CHECKING:
    from pathlib import Path

Entry = tuple[str, bytes, str]
FILE, LINK, HARD, FOLDER, DEVICE = tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.CHRTYPE


def write(path: Path, *entries: Entry) -> Path:
    """Write a layer of (name, type, content or target)."""
    with tarfile.open(path, "w") as archive:
        for name, kind, text in entries:
            member = tarfile.TarInfo(name)
            member.type, member.mode = kind, 0o755
            if kind in {LINK, HARD}:
                member.linkname = text
                archive.addfile(member)
            else:
                member.size = len(text) if kind == FILE else 0
                archive.addfile(member, io.BytesIO(text.encode()))
    return path


def test_upper_layers_replace_and_hide_what_lies_below(tmp_path: Path) -> None:
    below = write(
        tmp_path / "1",
        ("a/kept", FILE, "below"),
        ("a/hidden", FILE, "below"),
        ("a/replaced", FILE, "below"),
        ("cleared/old", FILE, "below"),
    )
    above = write(
        tmp_path / "2",
        ("a/.wh.hidden", FILE, ""),
        ("a/replaced", FILE, "above"),
        ("cleared/.wh..wh..opq", FILE, ""),
        ("cleared/new", FILE, "above"),
    )

    unpack_layers([below, above], tmp_path / "root")

    found = {str(path.relative_to(tmp_path / "root")): path.read_text() for path in (tmp_path / "root").rglob("*/*")}
    assert found == {"a/kept": "below", "a/replaced": "above", "cleared/new": "above"}


@pytest.mark.parametrize(
    "entries",
    [
        [("../outside", FILE, "x")],
        [("a/../../outside", FILE, "x")],
        [("link", LINK, "../.."), ("link/outside", FILE, "x")],
        [("a/.wh...", FILE, "")],
        [("stolen", HARD, "../../outside")],
    ],
)
def test_no_entry_leaves_the_folder(tmp_path: Path, entries: list[Entry]) -> None:
    (tmp_path / "bystander").write_text("untouched")
    layer = write(tmp_path / "layer", *entries)

    with pytest.raises(BadLayer):
        unpack_layers([layer], tmp_path / "deep" / "root")

    assert (tmp_path / "bystander").read_text() == "untouched"
    assert not list(tmp_path.rglob("outside"))


def test_an_absolute_link_means_the_images_own_path(tmp_path: Path) -> None:
    layer = write(tmp_path / "layer", ("usr/lib/real", FILE, "inside"), ("opt/link", LINK, "/usr/lib"))

    unpack_layers([layer], tmp_path / "root")

    assert (tmp_path / "root" / "opt" / "link" / "real").read_text() == "inside"


def test_a_file_may_be_written_through_a_link_that_stays_inside(tmp_path: Path) -> None:
    layer = write(tmp_path / "layer", ("usr/lib", FOLDER, ""), ("lib", LINK, "usr/lib"), ("lib/module", FILE, "x"))

    unpack_layers([layer], tmp_path / "root")

    assert (tmp_path / "root" / "usr" / "lib" / "module").read_text() == "x"


def test_hard_links_share_content_and_devices_are_left_out(tmp_path: Path) -> None:
    layer = write(tmp_path / "layer", ("a", FILE, "x"), ("b", HARD, "a"), ("dev/null", DEVICE, ""))

    unpack_layers([layer], tmp_path / "root")

    assert (tmp_path / "root" / "b").read_text() == "x"
    assert not (tmp_path / "root" / "dev" / "null").exists()


BROKEN = [(b"\x28\xb5\x2f\xfd....", "zstd"), (b"no tar" * 99, "cannot unpack")]


@pytest.mark.parametrize(("data", "reason"), BROKEN)
def test_a_layer_that_cannot_be_read_says_why(tmp_path: Path, data: bytes, reason: str) -> None:
    layer = tmp_path / "layer"
    layer.write_bytes(data)

    with pytest.raises(BadLayer, match=reason):
        unpack_layers([layer], tmp_path / "root")

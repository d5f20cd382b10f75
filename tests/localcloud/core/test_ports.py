"""Ports that the kernel gave are kept in the state directory, and a file that cannot be read is one clear line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from localcloud.core.ports import DamagedPortsError, Ports, kept_port

if TYPE_CHECKING:
    from pathlib import Path


def ports_of(state: Path) -> Ports:
    return Ports(state_dir=state, regions=("europe-west4",), port_base=0, emulators=False)


def test_a_later_cloud_on_the_state_takes_the_same_ports(tmp_path: Path) -> None:
    first = ports_of(tmp_path)
    first.reserve()
    given = first.numbers()
    first.release()
    later = ports_of(tmp_path)

    later.reserve()

    assert later.numbers() == given
    assert kept_port(tmp_path, "global") == given["global"]
    later.release()


@pytest.mark.parametrize("content", ["", "garbage", "[]", "null", '{"global": 99999}', '{"global": "one"}'])
def test_a_damaged_file_is_named_with_what_deleting_it_costs(tmp_path: Path, content: str) -> None:
    (tmp_path / "ports.json").write_text(content)

    with pytest.raises(DamagedPortsError, match=r"ports\.json.*delete it"):
        ports_of(tmp_path).reserve()
    with pytest.raises(DamagedPortsError):
        kept_port(tmp_path, "global")


def test_a_state_without_ports_has_none(tmp_path: Path) -> None:
    assert kept_port(tmp_path, "global") is None

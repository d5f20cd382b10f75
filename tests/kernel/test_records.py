from __future__ import annotations

import pytest

from vertex_dr.kernel.assets import Origin
from vertex_dr.kernel.errors import BadInput, DamagedRecord
from vertex_dr.kernel.records import from_json, to_json
from vertex_dr.kernel.settings import SideSettings
from vertex_dr.kernel.sides import Side

SIDE = SideSettings(
    region="europe-west4", staging_bucket="s", image_repository="i", pipeline_repository="p", endpoint="1"
)


def test_a_record_prints_and_reads_back() -> None:
    assert from_json(SideSettings, to_json(SIDE), source="a file") == SIDE


def test_a_record_never_changes() -> None:
    with pytest.raises(AttributeError):
        SIDE.region = "elsewhere"  # type: ignore[misc] # that is what must not work


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "truncated"),
        (b'{"region": "europe-west4"', "truncated"),
        (b'{"region": 4}', r"\$\.region"),
        (to_json(SIDE).replace(b'"endpoint": "1"', b'"other": "1"'), "endpoint|other"),
        (to_json(SIDE).replace(b"{", b'{"more": 1,'), "more"),
    ],
    ids=["empty", "cut_off", "wrong_type", "field_missing", "field_too_many"],
)
def test_damage_names_the_source_and_the_place(data: bytes, problem: str) -> None:
    with pytest.raises(DamagedRecord, match=rf"read SideSettings from gs://b/o: .*({problem})"):
        from_json(SideSettings, data, source="gs://b/o")


@pytest.mark.parametrize("text", ["primary-2", "dr-17"])
def test_an_origin_survives_parsing_and_printing(text: str) -> None:
    assert str(Origin.parse(text)) == text


@pytest.mark.parametrize("text", ["", "primary", "primary-", "primary-x", "west-2", "primary-2-3"])
def test_an_origin_of_another_form_is_bad_input(text: str) -> None:
    with pytest.raises(BadInput, match="vertex-dr-origin"):
        Origin.parse(text)


def test_the_other_side_of_the_other_side_is_the_side() -> None:
    assert [side.other.other for side in Side] == list(Side)

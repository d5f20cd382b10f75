from __future__ import annotations

import copy
from typing import Any

import msgpack
import pytest

from localcloud.terraform_provider.protocol.messages import message
from localcloud.terraform_provider.values import UNKNOWN, has_unknown, is_zero, pack, unpack, without_unknown


@pytest.mark.parametrize("value", [None, True, 7, 2.5, "text", ["a", None], {"a": {"b": [UNKNOWN]}}, UNKNOWN])
def test_values_survive_the_way_to_terraform_and_back(value: Any):
    assert unpack(message("DynamicValue")(**pack(value))) == value


def test_refined_unknown_is_unknown():
    refined = msgpack.packb({"a": msgpack.ExtType(12, b"\x80")})

    assert unpack(message("DynamicValue")(msgpack=refined)) == {"a": UNKNOWN}


def test_value_in_json_is_read_too():
    assert unpack(message("DynamicValue")(json=b'{"a": 1}')) == {"a": 1}


def test_absent_value_is_null():
    assert unpack(message("DynamicValue")()) is None


def test_copies_of_the_unknown_are_the_unknown():
    assert copy.deepcopy({"a": UNKNOWN})["a"] is UNKNOWN


def test_unknown_is_found_anywhere():
    assert has_unknown({"a": [{"b": UNKNOWN}]})
    assert not has_unknown({"a": [{"b": None}]})


def test_final_state_has_no_unknown():
    assert without_unknown({"a": UNKNOWN, "b": [UNKNOWN, 1]}) == {"a": None, "b": [None, 1]}


@pytest.mark.parametrize("value", [None, "", 0, False, [], {}])
def test_zeros_are_alike(value: Any):
    assert is_zero(value)


@pytest.mark.parametrize("value", [UNKNOWN, "0", 1, True, [0], {"a": None}])
def test_everything_else_is_no_zero(value: Any):
    assert not is_zero(value)


def test_index_zero_of_a_path_is_written():
    path = message("AttributePath")(steps=[{"attribute_name": "rule"}, {"element_key_int": 0}])

    read = message("AttributePath").FromString(path.SerializeToString())

    assert read.steps[1].HasField("element_key_int")

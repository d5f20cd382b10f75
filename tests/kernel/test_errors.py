from __future__ import annotations

import inspect

import pytest

from vertex_dr.kernel import errors

TREE = [errors.VertexDrError, *(getattr(errors, name) for name in errors.__all__ if name != "VertexDrError")]


@pytest.mark.parametrize("kind", TREE, ids=lambda kind: kind.__name__)
def test_each_error_is_drawn_in_the_tree_and_explained_in_one_sentence(kind: type[errors.VertexDrError]) -> None:
    assert kind.__name__ in (errors.__doc__ or "")
    assert (inspect.getdoc(kind) or "").endswith(".")


@pytest.mark.parametrize("kind", TREE, ids=lambda kind: kind.__name__)
def test_each_error_says_what_was_tried_what_was_found_and_what_next(kind: type[errors.VertexDrError]) -> None:
    assert str(kind("flip", found="a hold is set", then="clear it")) == "cannot flip: a hold is set; clear it"


@pytest.mark.parametrize("kind", TREE[1:], ids=lambda kind: kind.__name__)
def test_exactly_the_unreachable_may_be_tried_again(kind: type[errors.VertexDrError]) -> None:
    assert kind.retryable == issubclass(kind, errors.Unreachable)
    assert (kind.http_status == 503) == kind.retryable


def test_exit_codes_are_those_of_the_design() -> None:
    found = {kind.__name__: kind.exit_code for kind in TREE}

    assert found == {
        "VertexDrError": 1,
        "BadInput": 2,
        "BadSettings": 2,
        "DamagedRecord": 2,
        "Refused": 5,
        "FlipLost": 5,
        "StaleEpoch": 5,
        "NotFound": 5,
        "ReplicaMismatch": 3,
        "Denied": 5,
        "Unreachable": 6,
        "QuotaExhausted": 6,
    }

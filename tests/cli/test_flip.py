from __future__ import annotations

import pytest

from vertex_dr.cli.flip import seconds_of
from vertex_dr.kernel.errors import BadInput


@pytest.mark.parametrize(("span", "seconds"), [("4h10m", 15_000), ("90s", 90), ("15m", 900), ("1h1m1s", 3661)])
def test_a_span_is_read_as_operators_type_it(span: str, seconds: float) -> None:
    assert seconds_of(span) == seconds


@pytest.mark.parametrize("span", ["", "soon", "10m4h", "90"])
def test_any_other_span_is_refused_with_an_example(span: str) -> None:
    with pytest.raises(BadInput, match="4h10m"):
        seconds_of(span)

from __future__ import annotations

import pytest

from vertex_dr.adapters.google.retry_after import retry_after_seconds

DATE = "Fri, 13 Nov 2026 08:49:37 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "0"}, 0.0),
        ({"Retry-After": " 120 "}, 120.0),
        ({"Retry-After": "Fri, 13 Nov 2026 08:50:07 GMT", "Date": DATE}, 30.0),
        ({"Retry-After": "Fri, 13 Nov 2026 08:00:00 GMT", "Date": DATE}, 0.0),
        ({"Retry-After": "Fri, 13 Nov 2026 08:50:07 GMT"}, None),
        ({"Retry-After": "-3", "Date": DATE}, None),
        ({"Retry-After": "soon", "Date": DATE}, None),
        ({"Retry-After": "\u0663", "Date": DATE}, None),
    ],
    ids=str,
)
def test_the_header_is_read_in_both_of_its_forms(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after_seconds(headers) == seconds

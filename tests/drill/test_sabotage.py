from __future__ import annotations

import pytest

from drill.sabotage import Sabotage
from vertex_dr.kernel.errors import BadInput


def test_an_unknown_sabotage_is_refused_with_the_list_of_names() -> None:
    with pytest.raises(BadInput) as refusal:
        Sabotage.parse("meteor")

    assert all(sabotage.value in str(refusal.value) for sabotage in Sabotage)


def test_each_name_is_read_back() -> None:
    assert [Sabotage.parse(s.value) for s in Sabotage] == list(Sabotage)

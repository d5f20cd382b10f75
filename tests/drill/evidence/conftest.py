from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.drill.evidence.logbooks import good_logbook

if TYPE_CHECKING:
    from drill.evidence.logbook import Logbook


@pytest.fixture
def logbook() -> Logbook:
    return good_logbook()

"""An operator holds the selector and lets it go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typer.testing import CliRunner

from tests.cli.test_commands import NOBODY_THERE
from tests.memory.traffic import MemorySelectors, Time
from tests.traffic.samples import NOW, change
from vertex_dr import wiring
from vertex_dr.cli.main import app
from vertex_dr.traffic.hold import HoldSelector

if TYPE_CHECKING:
    import pytest


def test_a_hold_is_shown_with_its_reason_and_released(monkeypatch: pytest.MonkeyPatch) -> None:
    store = MemorySelectors()
    store.create(change())
    monkeypatch.setattr(wiring, "holding", lambda _: HoldSelector(store=store, clock=Time(NOW)))

    held = CliRunner().invoke(app, ["hold", "--reason", "maintenance of dr"], env=NOBODY_THERE)
    kept = store.read().hold
    free = CliRunner().invoke(app, ["release"], env=NOBODY_THERE)

    assert (held.exit_code, free.exit_code) == (0, 0)
    assert kept is not None
    assert kept.reason == "maintenance of dr"
    assert held.stdout.rstrip().endswith("maintenance of dr")
    assert free.stdout == "primary is active under epoch 1, and probes may flip it\n"
    assert store.read().hold is None

"""An operator holds the selector and lets it go."""

from __future__ import annotations

from typing import Any

from typer.testing import CliRunner

from tests.cli.test_commands import NOBODY_THERE
from tests.replication.world import World
from vertex_dr.cli.main import app


def test_a_hold_is_shown_with_its_reason_and_released() -> None:
    world = World()
    store = world.selector
    options: dict[str, Any] = {"env": NOBODY_THERE, "obj": lambda _: world.primary.ports}

    held = CliRunner().invoke(
        app, ["hold", "--reason", "maintenance of dr"], env=NOBODY_THERE, obj=lambda _: world.primary.ports
    )
    kept = store.read().hold
    free = CliRunner().invoke(app, ["release"], **options)

    assert (held.exit_code, free.exit_code) == (0, 0)
    assert kept is not None
    assert kept.reason == "maintenance of dr"
    assert held.stdout.rstrip().endswith("maintenance of dr")
    assert free.stdout == "primary is active under epoch 1, and probes may flip it\n"
    assert store.read().hold is None

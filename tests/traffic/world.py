"""Traffic in memory, wired as wiring does it: a selector at epoch 1, and what both sides share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from tests.memory.ports import MemoryPorts, SharedPorts
from tests.memory.traffic import MemoryFunctions, Numbers, Time
from tests.replication.world import settings_of
from tests.traffic.samples import NOW, change
from vertex_dr.kernel.sides import Side
from vertex_dr.wiring.entry_points import Capabilities

if TYPE_CHECKING:
    from tests.memory.traffic import MemoryPredictions, ThreadTime
    from vertex_dr.wiring.traffic import Traffic

__all__ = ["ASSESS_URL", "FAIL_OVER_URL", "TrafficWorld"]

ASSESS_URL, FAIL_OVER_URL = "https://assess.example", "https://fail-over.example"


class TrafficWorld:
    """One side's traffic over memory; options are the settings that differ, such as fail_over_url."""

    def __init__(
        self,
        *,
        side: Side = Side.DR,
        active: str | None = "primary",
        time: ThreadTime | None = None,
        functions: MemoryFunctions | None = None,
        **options: Any,
    ) -> None:
        self.shared = SharedPorts(clock=time or Time(NOW), new_id=Numbers(), functions=functions or MemoryFunctions())
        if active is not None:
            self.shared.selector.create(change(active=active))
        self.settings = msgspec.structs.replace(settings_of(side), **options)
        self.ports = MemoryPorts(self.settings, self.shared)

    @property
    def traffic(self) -> Traffic:
        """The side's use cases, built anew as each run of a function builds them."""
        return Capabilities(self.settings, self.ports).traffic

    @property
    def predictions(self) -> MemoryPredictions:
        return self.ports.predictions

    def handed(self, url: str) -> list[Any]:
        """Return the records with which the function at url was called."""
        return [one.record for one in self.shared.functions.called if one.url == url]

"""The phases in their order, and from which of them on a region is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from vertex_dr.drill.phases.clients import Clients
from vertex_dr.drill.phases.darkness import Darkness
from vertex_dr.drill.phases.evidence import Evidence
from vertex_dr.drill.phases.homecoming import Homecoming
from vertex_dr.drill.phases.outage import Outage
from vertex_dr.drill.phases.provisioning import Provisioning
from vertex_dr.drill.phases.regions import Regions
from vertex_dr.drill.phases.registration import Registration
from vertex_dr.drill.phases.replication import Replication

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vertex_dr.drill.context import Drill
    from vertex_dr.drill.records import Finding

__all__ = ["PHASES", "Phase"]


class Phase(Protocol):
    """One part of the drill."""

    title: str

    def run(self, drill: Drill) -> Iterator[Finding]:
        """Do the phase and yield what was found; a finding that is not PASS ends the drill after this phase."""
        ...


PHASES: tuple[Phase, ...] = (
    Regions(),
    Provisioning(),
    Registration(),
    Replication(),
    Clients(),
    Outage(),
    Darkness(),
    Homecoming(),
    Evidence(),
)

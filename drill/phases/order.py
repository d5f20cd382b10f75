"""The phases of a drill, in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from drill.phases.clients import Clients
from drill.phases.evidence import Evidence
from drill.phases.fail_back import FailBack
from drill.phases.outage import Outage
from drill.phases.provisioning import Provisioning
from drill.phases.regions import Regions
from drill.phases.registration import Registration
from drill.phases.replication import Replication
from drill.phases.work_in_outage import WorkInOutage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from drill.context import Drill
    from drill.evidence.records import Finding

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
    WorkInOutage(),
    FailBack(),
    Evidence(),
)

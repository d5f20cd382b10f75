"""Everything that vertex-dr can do, a property a capability; what a door opens onto."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from vertex_dr.kernel.settings import Settings
    from vertex_dr.wiring.ports import Ports
    from vertex_dr.wiring.replication import Replication
    from vertex_dr.wiring.traffic import Traffic

__all__ = ["Capabilities", "Connect"]

# ruff: noqa: PLC0415 - a door loads the capability that it uses and no other

# How a door gets its ports from its settings: `GooglePorts`, or what a test gives instead.
Connect: TypeAlias = "Callable[[Settings], Ports]"


class Capabilities:
    """The capabilities of one side, over the ports of one run."""

    def __init__(self, settings: Settings, ports: Ports) -> None:
        self.settings = settings
        self.ports = ports

    @cached_property
    def replication(self) -> Replication:
        """Keep models, images and pipelines of one side on the other."""
        from vertex_dr.wiring.replication import Replication

        return Replication(self.settings, self.ports)

    @cached_property
    def traffic(self) -> Traffic:
        """Watch both sides, decide, and send clients to one of them."""
        from vertex_dr.wiring.traffic import Traffic

        return Traffic(self.settings, self.ports)

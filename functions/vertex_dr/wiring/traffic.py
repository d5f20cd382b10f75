"""Traffic's use cases, built from settings and ports."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from vertex_dr.kernel.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable

    from vertex_dr.kernel.settings import Settings
    from vertex_dr.kernel.sides import Side
    from vertex_dr.traffic.assess import AssessRegions
    from vertex_dr.traffic.ensure_selector import EnsureSelector
    from vertex_dr.traffic.fail_over import FailOver, RehearseFailOver
    from vertex_dr.traffic.failover_router import FailoverRouter, Try
    from vertex_dr.traffic.hold import HoldSelector, ReleaseSelector
    from vertex_dr.traffic.operator_plans import PlanFailBack, PlanFailOver
    from vertex_dr.traffic.probe_region import ProbeRegion
    from vertex_dr.traffic.records import Destination
    from vertex_dr.traffic.status import Status
    from vertex_dr.wiring.ports import Ports

__all__ = ["Traffic"]

# ruff: noqa: PLC0415 - a door loads the use case that it runs and no other


class Traffic:
    """One side's part in traffic; a use case is built when it is first asked for, and building it does no I/O."""

    def __init__(self, settings: Settings, ports: Ports) -> None:
        self._settings = settings
        self._ports = ports

    @cached_property
    def probe_region(self) -> ProbeRegion:
        """Ask both sides for golden predictions for a while."""
        from vertex_dr.traffic.hand_over import HandOver
        from vertex_dr.traffic.probe_region import ProbeRegion
        from vertex_dr.traffic.probes import patience_seconds

        return ProbeRegion(
            service=self._settings.service,
            prober=self._settings.side,
            policy=self._settings.policy,
            selector=self.ensure_selector.run,
            log=self._ports.probes,
            golden=self._ports.golden,
            predictions=self._ports.predictions,
            hand_over=HandOver[None](
                url=self._settings.assess_url,
                functions=lambda: self._ports.functions,
                in_process=lambda _: self.assess_regions.run(),
                patience_seconds=patience_seconds(self._settings.policy),
            ).run,
            copies=self._ports.copies,
            clock=self._ports.clock,
            sleep=self._ports.sleep,
        )

    @cached_property
    def assess_regions(self) -> AssessRegions:
        """Decide whether clients have to go to the other side."""
        from vertex_dr.traffic.assess import AssessRegions
        from vertex_dr.traffic.hand_over import HandOver
        from vertex_dr.traffic.records import FailoverPlan

        return AssessRegions(
            service=self._settings.service,
            prober=self._settings.side,
            policy=self._settings.policy,
            selector=self._ports.selector,
            probes=self._ports.probes,
            readiness=self._ports.readiness,
            golden=self._ports.golden,
            predictions=self._ports.predictions,
            hand_over=HandOver[FailoverPlan](
                url=self._settings.fail_over_url,
                functions=lambda: self._ports.functions,
                in_process=self.fail_over.run,
            ).run,
            clock=self._ports.clock,
            by=f"assess_regions in {self._settings.side}",
        )

    @cached_property
    def fail_over(self) -> FailOver:
        """Apply a plan that sends clients to the other side."""
        from vertex_dr.traffic.fail_over import FailOver

        return FailOver(
            prober=self._settings.side,
            store=self._ports.selector,
            copies=self._ports.copies,
            predictions=self._ports.predictions,
            golden=self._ports.golden,
            journals=lambda: self._ports.journals,
            clock=self._ports.clock,
            new_id=self._ports.new_id,
        )

    @cached_property
    def plan_fail_over(self) -> PlanFailOver:
        """Plan the operator's failover."""
        from vertex_dr.traffic.operator_plans import PlanFailOver

        return PlanFailOver(
            selector=self._ports.selector,
            readiness=self._ports.readiness,
            policy=self._settings.policy,
            clock=self._ports.clock,
        )

    @cached_property
    def plan_fail_back(self) -> PlanFailBack:
        """Plan the operator's way back to primary."""
        from vertex_dr.traffic.operator_plans import PlanFailBack
        from vertex_dr.wiring.bridges import DrAhead
        from vertex_dr.wiring.replication import Replication

        return PlanFailBack(
            selector=self._ports.selector,
            ahead=DrAhead(
                observer=Replication(self._settings, self._ports).observer,
                active=lambda: self._ports.selector.read().active,
            ),
            golden=self._ports.golden,
            predictions=self._ports.predictions,
            prober=self._settings.side,
            clock=self._ports.clock,
        )

    @cached_property
    def ensure_selector(self) -> EnsureSelector:
        """Make the selector exist."""
        from vertex_dr.traffic.ensure_selector import EnsureSelector

        return EnsureSelector(
            service=self._settings.service,
            sides=self._destinations,
            store=self._ports.selector,
            copies=self._ports.copies,
            clock=self._ports.clock,
            new_id=self._ports.new_id,
            by=f"ensure_selector in {self._settings.side}",
        )

    @cached_property
    def rehearse_fail_over(self) -> RehearseFailOver:
        """Read what a flip would start from."""
        from vertex_dr.traffic.fail_over import RehearseFailOver

        return RehearseFailOver(store=self._ports.selector, copies=self._ports.copies)

    @cached_property
    def release(self) -> ReleaseSelector:
        """Let the selector flip by itself again."""
        from vertex_dr.traffic.hold import ReleaseSelector

        return ReleaseSelector(store=self._ports.selector)

    @cached_property
    def hold(self) -> HoldSelector:
        """Keep the selector from flipping by itself."""
        from vertex_dr.traffic.hold import HoldSelector

        return HoldSelector(store=self._ports.selector, clock=self._ports.clock)

    @cached_property
    def status(self) -> Status:
        """Read what an operator asks for first."""
        from vertex_dr.traffic.status import Status

        return Status(
            service=self._settings.service,
            selector=self._ports.selector,
            copies=self._ports.copies,
            probes=self._ports.probes,
            readiness=self._ports.readiness,
            clock=self._ports.clock,
        )

    def router(
        self,
        service: str,
        *,
        timeout_seconds: float,
        observer: Callable[[Try], None] | None = None,
        monotonic: Callable[[], float],
    ) -> FailoverRouter:
        """Return what an application predicts with; raises BadInput when the settings are another service's."""
        from vertex_dr.traffic.failover_router import FailoverRouter, Follower, before_any_read

        if service != self._settings.service:
            raise BadInput(
                f"predict with the service {service!r}",
                found=f"the settings are those of {self._settings.service!r}, endpoints included",
                then="name that service, or give the settings of this one",
            )
        follower = Follower(
            self._ports.selector_reader,
            self._ports.copies,
            fallback=before_any_read(service, self._destinations, now=self._ports.clock()),
            monotonic=monotonic,
        )
        return FailoverRouter(
            follower,
            self._ports.predictions,
            timeout_seconds=timeout_seconds,
            observer=observer,
            monotonic=monotonic,
        )

    @property
    def _destinations(self) -> dict[Side, Destination]:
        from vertex_dr.traffic.records import Destination

        return {
            side: Destination(region=one.region, endpoint=one.endpoint, image_repository=one.image_repository)
            for side, one in self._settings.sides.items()
        }

"""Everything that vertex-dr can do, a property a capability, and the entry points of the bundle that call it.

`main.py`, Terraform's modules/functions and the README's table have the entry points' names; a test compares them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from vertex_dr.kernel.records import Record
    from vertex_dr.kernel.settings import Settings
    from vertex_dr.traffic.fail_over import FlipJournal
    from vertex_dr.traffic.records import Rehearsed
    from vertex_dr.wiring.ports import Ports
    from vertex_dr.wiring.replication import Replication
    from vertex_dr.wiring.traffic import Traffic

__all__ = ["ENTRY_POINTS", "Capabilities", "Connect", "EntryPoint"]

# ruff: noqa: PLC0415 - main.py reads this table when an instance starts, so it loads nothing but itself; a door then
# loads the capability that it uses and no other

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


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """One Cloud Function: a sentence on what is true afterwards, and the call with the request's body."""

    promise: str
    call: Callable[[Capabilities, Mapping[str, Any]], Record]


def _probe(run: Capabilities, body: Mapping[str, Any]) -> Record:
    from vertex_dr.kernel.errors import BadInput

    asked = body.get("seconds")
    if asked is None or (isinstance(asked, int | float) and not isinstance(asked, bool) and asked >= 0):
        return run.traffic.probe_region.run(asked)
    raise BadInput("probe the sides", found=f"`seconds` is {asked!r}", then="give a number of seconds, or leave it out")


def _fail_over(run: Capabilities, body: Mapping[str, Any]) -> FlipJournal | Rehearsed:
    import msgspec

    from vertex_dr.kernel.records import from_json
    from vertex_dr.traffic.records import FailoverPlan

    if _is_rehearsal(body):
        return run.traffic.rehearse_fail_over.run()
    plan = from_json(FailoverPlan, msgspec.json.encode(dict(body)), source="the request's body")
    return run.traffic.fail_over.run(plan)


def _is_rehearsal(body: Mapping[str, Any]) -> bool:
    return body.get("decision") == "rehearsal"


# What replication does is observed or declared, so its requests say nothing. `probe_region` takes `seconds`, how long
# to probe; `fail_over` takes a FailoverPlan; it and `assess_regions` take a Rehearsal.
ENTRY_POINTS: dict[str, EntryPoint] = {
    "export_models": EntryPoint(
        "the side's own versions and its catalog are in the artifact bucket",
        lambda run, _: run.replication.export_models.run(),
    ),
    "import_models": EntryPoint(
        "what the other side's catalog lists is registered here, checksums verified",
        lambda run, _: run.replication.import_models.run(),
    ),
    "mirror_images": EntryPoint(
        "the other side's images are here, by digest",
        lambda run, _: run.replication.mirror_images.run(),
    ),
    "publish_pipelines": EntryPoint(
        "the other side's pipeline specs are here",
        lambda run, _: run.replication.publish_pipelines.run(),
    ),
    "reconcile_models": EntryPoint(
        "the endpoint serves what Terraform declares",
        lambda run, _: run.replication.reconcile_models.run(),
    ),
    "verify_replicas": EntryPoint(
        "readiness is known",
        lambda run, _: run.replication.verify_replicas.run(),
    ),
    "probe_region": EntryPoint("each side's health is known to a few seconds", _probe),
    "assess_regions": EntryPoint(
        "it is decided whether to flip, and why",
        lambda run, body: run.traffic.assess_regions.run(is_rehearsal=_is_rehearsal(body)),
    ),
    "fail_over": EntryPoint("the other side is active, once, with its epoch", _fail_over),
    "run_pipelines": EntryPoint(
        "a pipeline run has started, if the selector names this side",
        lambda run, _: run.replication.run_pipelines.run(),
    ),
}

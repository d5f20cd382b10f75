"""Traffic's entry points: from settings to what takes the request's body."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vertex_dr.kernel.errors import BadInput
from vertex_dr.kernel.records import from_json
from vertex_dr.traffic_wiring.controllers import applying, assessing, probing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from vertex_dr.kernel.settings import Settings
    from vertex_dr.traffic.assess_regions import Assessment
    from vertex_dr.traffic.fail_over import FlipJournal
    from vertex_dr.traffic.plans import Rehearsed
    from vertex_dr.traffic.probe_region import ProbeWindow

__all__ = ["assess_regions", "fail_over", "probe_region"]

# ruff: noqa: PLC0415 - an import inside a function is this file's purpose


def probe_region(settings: Settings) -> Callable[[Mapping[str, Any]], ProbeWindow]:
    """Return the entry point; the body may say `seconds`, how long to probe."""
    use = probing(settings)
    return lambda body: use(_seconds(body))


def assess_regions(settings: Settings) -> Callable[[Mapping[str, Any]], Assessment]:
    """Return the entry point; what it needs is observed, so the body says at most that it is a rehearsal."""
    use = assessing(settings)
    return lambda body: use(is_rehearsal=_is_rehearsal(body))


def fail_over(settings: Settings) -> Callable[[Mapping[str, Any]], FlipJournal | Rehearsed]:
    """Return the entry point; the body is a FailoverPlan or a Rehearsal."""
    import msgspec

    from vertex_dr.traffic.plans import FailoverPlan

    use = applying(settings)

    def called(body: Mapping[str, Any]) -> FlipJournal | Rehearsed:
        if _is_rehearsal(body):
            return use.rehearse()
        return use(from_json(FailoverPlan, msgspec.json.encode(dict(body)), source="the request's body"))

    return called


def _is_rehearsal(body: Mapping[str, Any]) -> bool:
    return body.get("decision") == "rehearsal"


def _seconds(body: Mapping[str, Any]) -> float | None:
    asked = body.get("seconds")
    if asked is None or (isinstance(asked, int | float) and not isinstance(asked, bool) and asked >= 0):
        return asked
    raise BadInput("probe the sides", found=f"`seconds` is {asked!r}", then="give a number of seconds, or leave it out")

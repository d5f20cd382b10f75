"""What watches, decides, plans and flips."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from vertex_dr.adapters.google.clients import Clients
from vertex_dr.kernel.errors import BadInput
from vertex_dr.traffic_wiring.adapters import (
    copies_of,
    copy_writer,
    documents,
    golden,
    journals,
    new_id,
    now,
    predictions,
    rest_of,
)
from vertex_dr.traffic_wiring.handing import handing
from vertex_dr.traffic_wiring.stores import ensure_selector, readiness, selector

if TYPE_CHECKING:
    from vertex_dr.kernel.records import Record
    from vertex_dr.kernel.settings import Settings
    from vertex_dr.traffic.assess_regions import AssessRegions
    from vertex_dr.traffic.by_hand import PlanFailBack, PlanFailOver
    from vertex_dr.traffic.fail_over import FailOver
    from vertex_dr.traffic.ports import Ahead
    from vertex_dr.traffic.probe_region import ProbeRegion

__all__ = ["applying", "assessing", "plan_fail_back", "plan_fail_over", "probing"]

# ruff: noqa: PLC0415 - an import inside a function is this file's purpose

_GOLDEN_SECONDS = 5.0


def probing(settings: Settings) -> ProbeRegion:
    """Return the prober of this process's side."""
    from vertex_dr.adapters.google.firestore.probes import ProbesInFirestore
    from vertex_dr.traffic.probe_region import ProbeRegion
    from vertex_dr.traffic.probes import patience_seconds

    clients = Clients(settings)
    rest = rest_of(clients)
    return ProbeRegion(
        service=settings.service,
        prober=settings.side,
        policy=settings.policy,
        selector=ensure_selector(settings),
        log=ProbesInFirestore(documents(clients, settings), service=settings.service),
        golden=golden(rest, settings),
        predictions=predictions(clients, rest),
        hand_over=handing(
            settings.assess_url,
            lambda _: assessing(settings)(),
            patience_seconds=patience_seconds(settings.policy),
        ),
        copies=lambda: copy_writer(clients, rest, settings),
        clock=now,
        sleep=time.sleep,
    )


def assessing(settings: Settings) -> AssessRegions:
    """Return the decision of this process's side; it imports Firestore and nothing heavier."""
    from vertex_dr.adapters.google.firestore.probes import ProbesInFirestore
    from vertex_dr.adapters.google.firestore.readiness import ReadinessInFirestore
    from vertex_dr.adapters.google.firestore.selector import SelectorInFirestore
    from vertex_dr.traffic.assess_regions import AssessRegions

    clients = Clients(settings)
    rest, database = rest_of(clients), documents(clients, settings)
    return AssessRegions(
        service=settings.service,
        own=settings.side,
        policy=settings.policy,
        selector=SelectorInFirestore(database, service=settings.service),
        probes=ProbesInFirestore(database, service=settings.service),
        readiness=ReadinessInFirestore(database, service=settings.service),
        golden=golden(rest, settings),
        predictions=predictions(clients, rest),
        hand_over=handing(settings.fail_over_url, lambda plan: _applied(settings, plan)),
        clock=now,
        by=f"assess_regions in {settings.side}",
    )


def applying(settings: Settings) -> FailOver:
    """Return what applies a plan; copies and journal are written, and their libraries imported, after the flip."""
    from vertex_dr.adapters.google.firestore.selector import SelectorInFirestore
    from vertex_dr.traffic.fail_over import FailOver

    clients = Clients(settings)
    rest = rest_of(clients)
    return FailOver(
        own=settings.side,
        store=SelectorInFirestore(documents(clients, settings), service=settings.service),
        copies=copies_of(rest, settings),
        predictions=predictions(clients, rest),
        golden=golden(rest, settings),
        copy_writer=lambda: copy_writer(clients, rest, settings),
        journals=lambda: journals(clients, settings),
        clock=now,
        new_id=new_id,
        timeout_seconds=_GOLDEN_SECONDS,
    )


def plan_fail_over(settings: Settings) -> PlanFailOver:
    """Return the operator's plan to fail over."""
    from vertex_dr.traffic.by_hand import PlanFailOver

    return PlanFailOver(selector=selector(settings), readiness=readiness(settings), policy=settings.policy, clock=now)


def plan_fail_back(settings: Settings, ahead: Ahead) -> PlanFailBack:
    """Return the operator's plan to fail back; ahead tells what dr has and primary lacks."""
    from vertex_dr.traffic.by_hand import PlanFailBack

    clients = Clients(settings)
    rest = rest_of(clients)
    return PlanFailBack(
        selector=selector(settings),
        ahead=ahead,
        golden=golden(rest, settings),
        predictions=predictions(clients, rest),
        own=settings.side,
        clock=now,
        timeout_seconds=_GOLDEN_SECONDS,
    )


def _applied(settings: Settings, plan: Record | None) -> Record:
    from vertex_dr.traffic.plans import FailoverPlan

    if not isinstance(plan, FailoverPlan):
        raise BadInput("apply a plan", found="something that is none", then="assess again")
    return applying(settings)(plan)

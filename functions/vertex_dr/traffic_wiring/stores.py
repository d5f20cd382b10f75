"""The selector and what surrounds it, to read and to keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vertex_dr.adapters.google.clients import Clients
from vertex_dr.traffic_wiring.adapters import copies_of, destinations, documents, new_id, now, rest_of

if TYPE_CHECKING:
    from vertex_dr.adapters.google.firestore.readiness import ReadinessInFirestore
    from vertex_dr.adapters.google.firestore.selector import SelectorInFirestore
    from vertex_dr.adapters.google.secrets.copies_reader import CopiesOverRest
    from vertex_dr.kernel.settings import Settings
    from vertex_dr.traffic.ensure_selector import EnsureSelector
    from vertex_dr.traffic.hold import HoldSelector
    from vertex_dr.traffic.records import Change
    from vertex_dr.traffic.status import Status

__all__ = ["changes", "copies", "ensure_selector", "holding", "readiness", "selector", "status"]

# ruff: noqa: PLC0415 - an import inside a function is this file's purpose


def selector(settings: Settings) -> SelectorInFirestore:
    """Return the selector's store; `.read()` gives the selector as it is now."""
    from vertex_dr.adapters.google.firestore.selector import SelectorInFirestore

    return SelectorInFirestore(documents(Clients(settings), settings), service=settings.service)


def changes(settings: Settings) -> tuple[Change, ...]:
    """Return every accepted flip, by epoch."""
    return selector(settings).changes()


def readiness(settings: Settings) -> ReadinessInFirestore:
    """Return where sides record their readiness."""
    from vertex_dr.adapters.google.firestore.readiness import ReadinessInFirestore

    return ReadinessInFirestore(documents(Clients(settings), settings), service=settings.service)


def copies(settings: Settings) -> CopiesOverRest:
    """Return the reader of the selector's copies."""
    return copies_of(rest_of(Clients(settings)), settings)


def ensure_selector(settings: Settings) -> EnsureSelector:
    """Return the use case that makes the selector exist."""
    from vertex_dr.traffic.ensure_selector import EnsureSelector

    return EnsureSelector(
        service=settings.service,
        sides=destinations(settings),
        store=selector(settings),
        copies=copies(settings),
        clock=now,
        new_id=new_id,
        by=f"ensure_selector in {settings.side}",
    )


def holding(settings: Settings) -> HoldSelector:
    """Return what holds the selector and clears the hold."""
    from vertex_dr.traffic.hold import HoldSelector

    return HoldSelector(store=selector(settings), clock=now)


def status(settings: Settings) -> Status:
    """Return what reads everything an operator asks for first."""
    from vertex_dr.adapters.google.firestore.probes import ProbesInFirestore
    from vertex_dr.traffic.status import Status

    return Status(
        service=settings.service,
        selector=selector(settings),
        copies=copies(settings),
        probes=ProbesInFirestore(documents(Clients(settings), settings), service=settings.service),
        readiness=readiness(settings),
        clock=now,
    )

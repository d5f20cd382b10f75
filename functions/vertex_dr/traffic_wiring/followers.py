"""What a client follows the selector with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vertex_dr.adapters.google.clients import Clients
from vertex_dr.kernel.errors import BadInput
from vertex_dr.traffic_wiring.adapters import copies_of, destinations, now, predictions, rest_of, url_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from vertex_dr.adapters.google.vertex.predictions import PredictionsOverRest
    from vertex_dr.kernel.settings import Settings
    from vertex_dr.traffic.follower import Follower

__all__ = ["following"]

# ruff: noqa: PLC0415 - an import inside a function is this file's purpose


def following(
    settings: Settings, service: str, *, monotonic: Callable[[], float]
) -> tuple[Follower, PredictionsOverRest]:
    """Return what a client follows the selector with and predicts through: plain REST, no client library."""
    from vertex_dr.adapters.google.firestore.selector_over_rest import SelectorOverRest
    from vertex_dr.kernel.sides import Side
    from vertex_dr.traffic.follower import Follower
    from vertex_dr.traffic.records import Phase, Selector

    if service != settings.service:
        raise BadInput(
            f"predict with the service {service!r}",
            found=f"the settings are those of {settings.service!r}, endpoints included",
            then="name that service, or give the settings of this one",
        )
    clients = Clients(settings)
    rest = rest_of(clients)
    reader = SelectorOverRest(
        rest,
        address=url_of(settings, "firestore", "https://firestore.googleapis.com"),
        project=settings.project,
        database=settings.selector_database,
        service=settings.service,
    )
    fallback = Selector(
        service=service,
        epoch=0,
        active=Side.PRIMARY,
        sides=destinations(settings),
        phase=Phase.STEADY,
        hold=None,
        changed_at=now(),
        changed_by="settings",
        reason="no selector was read yet",
    )
    follower = Follower(reader, copies_of(rest, settings), fallback=fallback, monotonic=monotonic)
    return follower, predictions(clients, rest)

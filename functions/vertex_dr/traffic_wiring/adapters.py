"""The adapters that answer traffic's ports, built from settings; each is imported inside its function."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from vertex_dr.traffic.records import Destination

if TYPE_CHECKING:
    from vertex_dr.adapters.google.clients import Clients
    from vertex_dr.adapters.google.firestore.documents import Documents
    from vertex_dr.adapters.google.http import Rest
    from vertex_dr.adapters.google.secrets.copies_reader import CopiesOverRest
    from vertex_dr.adapters.google.secrets.copies_writer import CopiesInGoogle
    from vertex_dr.adapters.google.storage.golden import GoldenInBucket
    from vertex_dr.adapters.google.storage.journals import JournalsInBucket
    from vertex_dr.adapters.google.vertex.predictions import PredictionsOverRest
    from vertex_dr.kernel.settings import Settings
    from vertex_dr.kernel.sides import Side

__all__ = [
    "copies_of",
    "copy_writer",
    "destinations",
    "documents",
    "golden",
    "journals",
    "new_id",
    "now",
    "predictions",
    "rest_of",
    "url_of",
]

# ruff: noqa: PLC0415 - an import inside a function is this file's purpose


def documents(clients: Clients, settings: Settings) -> Documents:
    """Return the documents of the selector's database."""
    from vertex_dr.adapters.google.firestore.documents import Documents

    return Documents(clients.firestore(), project=settings.project, database=settings.selector_database)


def rest_of(clients: Clients) -> Rest:
    """Return plain REST with the clients' session."""
    from vertex_dr.adapters.google.http import Rest

    return Rest(clients.session())


def url_of(settings: Settings, service: str, google: str) -> str:
    """Return where the service answers, without a slash at the end."""
    return (settings.endpoints.of(service) or google).rstrip("/")


def copies_of(rest: Rest, settings: Settings) -> CopiesOverRest:
    """Return the reader of the selector's copies."""
    from vertex_dr.adapters.google.secrets.copies_reader import CopiesOverRest

    return CopiesOverRest(
        rest,
        storage=url_of(settings, "storage", "https://storage.googleapis.com"),
        secrets=url_of(settings, "secretmanager", "https://secretmanager.googleapis.com"),
        project=settings.project,
        secret=settings.selector_secret,
        bucket=settings.artifact_bucket,
        service=settings.service,
    )


def copy_writer(clients: Clients, rest: Rest, settings: Settings) -> CopiesInGoogle:
    """Return the writer of the selector's copies; called after a flip only, since its libraries take time to load."""
    from vertex_dr.adapters.google.secrets.copies_writer import CopiesInGoogle

    return CopiesInGoogle(
        copies_of(rest, settings),
        secrets=clients.secrets(),
        storage=clients.storage(),
        project=settings.project,
        secret=settings.selector_secret,
        bucket=settings.artifact_bucket,
    )


def journals(clients: Clients, settings: Settings) -> JournalsInBucket:
    """Return where the own side keeps journals; called after a flip only, for the same reason."""
    from vertex_dr.adapters.google.storage.journals import JournalsInBucket

    return JournalsInBucket(clients.storage(), bucket=settings.own.staging_bucket, clock=now, new_id=new_id)


def golden(rest: Rest, settings: Settings) -> GoldenInBucket:
    """Return where training keeps golden values."""
    from vertex_dr.adapters.google.storage.golden import GoldenInBucket

    return GoldenInBucket(
        rest,
        storage=url_of(settings, "storage", "https://storage.googleapis.com"),
        bucket=settings.artifact_bucket,
        service=settings.service,
    )


def predictions(clients: Clients, rest: Rest) -> PredictionsOverRest:
    """Return what asks endpoints for predictions."""
    from vertex_dr.adapters.google.vertex.predictions import PredictionsOverRest

    return PredictionsOverRest(
        rest,
        project=clients.settings.project,
        address=lambda region: clients.url("aiplatform", region, google="https://{region}-aiplatform.googleapis.com"),
    )


def destinations(settings: Settings) -> dict[Side, Destination]:
    """Return where each side serves, as the settings say."""
    return {
        side: Destination(region=one.region, endpoint=one.endpoint, image_repository=one.image_repository)
        for side, one in settings.sides.items()
    }


def now() -> datetime:
    """Return the present instant in UTC."""
    return datetime.now(UTC)


def new_id() -> str:
    """Return an identifier that no other call returns."""
    return uuid.uuid4().hex

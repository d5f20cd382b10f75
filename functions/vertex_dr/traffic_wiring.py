"""Where traffic's use cases meet their adapters; `wiring` offers these under its own name.

Each adapter is imported inside its function, so that what flips loads Firestore and nothing heavier.
"""

from __future__ import annotations

import time
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from vertex_dr.google.clients import Clients
from vertex_dr.kernel.errors import BadInput, Unreachable
from vertex_dr.kernel.records import from_json
from vertex_dr.traffic.records import Destination

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from vertex_dr.google.copies_reader import CopiesOverRest
    from vertex_dr.google.copies_writer import CopiesInGoogle
    from vertex_dr.google.handoff_journals import JournalsInBucket
    from vertex_dr.google.probe_golden import GoldenInBucket
    from vertex_dr.google.probe_predictions import PredictionsOverRest
    from vertex_dr.google.readiness_log import ReadinessInFirestore
    from vertex_dr.google.rest import Rest
    from vertex_dr.google.selector_documents import Documents
    from vertex_dr.google.selector_store import SelectorInFirestore
    from vertex_dr.kernel.records import Record
    from vertex_dr.kernel.settings import Settings
    from vertex_dr.kernel.sides import Side
    from vertex_dr.traffic.assess_regions import Assessment, AssessRegions
    from vertex_dr.traffic.by_hand import PlanFailBack, PlanFailOver
    from vertex_dr.traffic.ensure_selector import EnsureSelector
    from vertex_dr.traffic.fail_over import FailOver, FlipJournal
    from vertex_dr.traffic.follower import Follower
    from vertex_dr.traffic.hold import HoldSelector
    from vertex_dr.traffic.plans import Rehearsed
    from vertex_dr.traffic.ports import Ahead, HandOver
    from vertex_dr.traffic.probe_region import ProbeRegion, ProbeWindow
    from vertex_dr.traffic.records import Change
    from vertex_dr.traffic.status import Status

__all__ = [
    "applying",
    "assess_regions",
    "assessing",
    "changes",
    "copies",
    "ensure_selector",
    "fail_over",
    "following",
    "holding",
    "plan_fail_back",
    "plan_fail_over",
    "probe_region",
    "probing",
    "readiness",
    "selector",
    "status",
]

# What a hand-over may take: the next function may have to start first.
_HAND_OVER_SECONDS = 20.0
_GOLDEN_SECONDS = 5.0


def selector(settings: Settings) -> SelectorInFirestore:
    """Return the selector's store; `.read()` gives the selector as it is now."""
    from vertex_dr.google.selector_store import SelectorInFirestore  # noqa: PLC0415 - a door loads only what it uses

    return SelectorInFirestore(_documents(Clients(settings), settings), service=settings.service)


def changes(settings: Settings) -> tuple[Change, ...]:
    """Return every accepted flip, by epoch."""
    return selector(settings).changes()


def readiness(settings: Settings) -> ReadinessInFirestore:
    """Return where sides record their readiness."""
    from vertex_dr.google.readiness_log import ReadinessInFirestore  # noqa: PLC0415 - the same

    return ReadinessInFirestore(_documents(Clients(settings), settings), service=settings.service)


def copies(settings: Settings) -> CopiesOverRest:
    """Return the reader of the selector's copies."""
    return _copies(_rest(Clients(settings)), settings)


def ensure_selector(settings: Settings) -> EnsureSelector:
    """Return the use case that makes the selector exist."""
    from vertex_dr.traffic.ensure_selector import EnsureSelector  # noqa: PLC0415 - the same

    return EnsureSelector(
        service=settings.service,
        sides=destinations(settings),
        store=selector(settings),
        copies=copies(settings),
        clock=_now,
        new_id=_new_id,
        by=f"ensure_selector in {settings.side}",
    )


def probing(settings: Settings) -> ProbeRegion:
    """Return the prober of this process's side."""
    from vertex_dr.google.probe_log import ProbesInFirestore  # noqa: PLC0415 - the same
    from vertex_dr.traffic.probe_region import ProbeRegion  # noqa: PLC0415 - the same

    clients = Clients(settings)
    rest = _rest(clients)
    return ProbeRegion(
        service=settings.service,
        prober=settings.side,
        policy=settings.policy,
        selector=ensure_selector(settings),
        log=ProbesInFirestore(_documents(clients, settings), service=settings.service),
        golden=_golden(rest, settings),
        predictions=predictions(clients, rest),
        hand_over=_handing(settings.assess_url, lambda _: assessing(settings)()),
        copies=lambda: _copy_writer(clients, rest, settings),
        clock=_now,
        sleep=time.sleep,
    )


def assessing(settings: Settings) -> AssessRegions:
    """Return the decision of this process's side; it imports Firestore and nothing heavier."""
    from vertex_dr.google.probe_log import ProbesInFirestore  # noqa: PLC0415 - the same
    from vertex_dr.google.readiness_log import ReadinessInFirestore  # noqa: PLC0415 - the same
    from vertex_dr.google.selector_store import SelectorInFirestore  # noqa: PLC0415 - the same
    from vertex_dr.traffic.assess_regions import AssessRegions  # noqa: PLC0415 - the same

    clients = Clients(settings)
    rest, documents = _rest(clients), _documents(clients, settings)
    return AssessRegions(
        service=settings.service,
        own=settings.side,
        policy=settings.policy,
        selector=SelectorInFirestore(documents, service=settings.service),
        probes=ProbesInFirestore(documents, service=settings.service),
        readiness=ReadinessInFirestore(documents, service=settings.service),
        golden=_golden(rest, settings),
        predictions=predictions(clients, rest),
        hand_over=_handing(settings.fail_over_url, lambda plan: _applied(settings, plan)),
        clock=_now,
        by=f"assess_regions in {settings.side}",
    )


def applying(settings: Settings) -> FailOver:
    """Return what applies a plan; copies and journal are written, and their libraries imported, after the flip."""
    from vertex_dr.google.selector_store import SelectorInFirestore  # noqa: PLC0415 - the same
    from vertex_dr.traffic.fail_over import FailOver  # noqa: PLC0415 - the same

    clients = Clients(settings)
    rest = _rest(clients)
    return FailOver(
        own=settings.side,
        store=SelectorInFirestore(_documents(clients, settings), service=settings.service),
        copies=_copies(rest, settings),
        predictions=predictions(clients, rest),
        golden=_golden(rest, settings),
        copy_writer=lambda: _copy_writer(clients, rest, settings),
        journals=lambda: _journals(clients, settings),
        clock=_now,
        new_id=_new_id,
        timeout_seconds=_GOLDEN_SECONDS,
    )


def plan_fail_over(settings: Settings) -> PlanFailOver:
    """Return the operator's plan to fail over."""
    from vertex_dr.traffic.by_hand import PlanFailOver  # noqa: PLC0415 - the same

    return PlanFailOver(selector=selector(settings), readiness=readiness(settings), policy=settings.policy, clock=_now)


def plan_fail_back(settings: Settings, ahead: Ahead) -> PlanFailBack:
    """Return the operator's plan to fail back; ahead tells what dr has and primary lacks."""
    from vertex_dr.traffic.by_hand import PlanFailBack  # noqa: PLC0415 - the same

    clients = Clients(settings)
    rest = _rest(clients)
    return PlanFailBack(
        selector=selector(settings),
        ahead=ahead,
        golden=_golden(rest, settings),
        predictions=predictions(clients, rest),
        own=settings.side,
        clock=_now,
        timeout_seconds=_GOLDEN_SECONDS,
    )


def holding(settings: Settings) -> HoldSelector:
    """Return what holds the selector and clears the hold."""
    from vertex_dr.traffic.hold import HoldSelector  # noqa: PLC0415 - the same

    return HoldSelector(store=selector(settings), clock=_now)


def status(settings: Settings) -> Status:
    """Return what reads everything an operator asks for first."""
    from vertex_dr.google.probe_log import ProbesInFirestore  # noqa: PLC0415 - the same
    from vertex_dr.traffic.status import Status  # noqa: PLC0415 - the same

    return Status(
        service=settings.service,
        selector=selector(settings),
        copies=copies(settings),
        probes=ProbesInFirestore(_documents(Clients(settings), settings), service=settings.service),
        readiness=readiness(settings),
        clock=_now,
    )


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
    import msgspec  # noqa: PLC0415 - the same

    from vertex_dr.traffic.plans import FailoverPlan  # noqa: PLC0415 - the same

    use = applying(settings)

    def called(body: Mapping[str, Any]) -> FlipJournal | Rehearsed:
        if _is_rehearsal(body):
            return use.rehearse()
        return use(from_json(FailoverPlan, msgspec.json.encode(dict(body)), source="the request's body"))

    return called


def following(
    settings: Settings, service: str, *, monotonic: Callable[[], float]
) -> tuple[Follower, PredictionsOverRest]:
    """Return what a client follows the selector with and predicts through: plain REST, no client library."""
    import msgspec  # noqa: PLC0415 - the same

    from vertex_dr.google.selector_rest import SelectorOverRest  # noqa: PLC0415 - the same
    from vertex_dr.kernel.sides import Side  # noqa: PLC0415 - the same
    from vertex_dr.traffic.follower import Follower  # noqa: PLC0415 - the same
    from vertex_dr.traffic.records import Phase, Selector  # noqa: PLC0415 - the same

    if service != settings.service:
        secret = settings.selector_secret.removesuffix(settings.service) + service
        settings = msgspec.structs.replace(settings, service=service, selector_secret=secret)
    clients = Clients(settings)
    rest = _rest(clients)
    reader = SelectorOverRest(
        rest,
        address=_url(settings, "firestore", "https://firestore.googleapis.com"),
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
        changed_at=_now(),
        changed_by="settings",
        reason="no selector was read yet",
    )
    follower = Follower(reader, _copies(rest, settings), fallback=fallback, monotonic=monotonic)
    return follower, predictions(clients, rest)


def destinations(settings: Settings) -> dict[Side, Destination]:
    """Return where each side serves, as the settings say."""
    return {
        side: Destination(region=one.region, endpoint=one.endpoint, image_repository=one.image_repository)
        for side, one in settings.sides.items()
    }


def predictions(clients: Clients, rest: Rest) -> PredictionsOverRest:
    """Return what asks endpoints for predictions."""
    from vertex_dr.google.probe_predictions import PredictionsOverRest  # noqa: PLC0415 - the same

    return PredictionsOverRest(
        rest,
        project=clients.settings.project,
        address=lambda region: clients.url("aiplatform", region, google="https://{region}-aiplatform.googleapis.com"),
    )


def _documents(clients: Clients, settings: Settings) -> Documents:
    from vertex_dr.google.selector_documents import Documents  # noqa: PLC0415 - the same

    return Documents(clients.firestore(), project=settings.project, database=settings.selector_database)


def _rest(clients: Clients) -> Rest:
    from vertex_dr.google.rest import Rest  # noqa: PLC0415 - the same

    return Rest(clients.session())


def _url(settings: Settings, service: str, google: str) -> str:
    return (settings.endpoints.of(service) or google).rstrip("/")


def _copies(rest: Rest, settings: Settings) -> CopiesOverRest:
    from vertex_dr.google.copies_reader import CopiesOverRest  # noqa: PLC0415 - the same

    return CopiesOverRest(
        rest,
        storage=_url(settings, "storage", "https://storage.googleapis.com"),
        secrets=_url(settings, "secretmanager", "https://secretmanager.googleapis.com"),
        project=settings.project,
        secret=settings.selector_secret,
        bucket=settings.artifact_bucket,
        service=settings.service,
    )


def _copy_writer(clients: Clients, rest: Rest, settings: Settings) -> CopiesInGoogle:
    from vertex_dr.google.copies_writer import CopiesInGoogle  # noqa: PLC0415 - after the flip only

    return CopiesInGoogle(
        _copies(rest, settings),
        secrets=clients.secrets(),
        storage=clients.storage(),
        project=settings.project,
        secret=settings.selector_secret,
        bucket=settings.artifact_bucket,
    )


def _journals(clients: Clients, settings: Settings) -> JournalsInBucket:
    from vertex_dr.google.handoff_journals import JournalsInBucket  # noqa: PLC0415 - after the flip only

    return JournalsInBucket(clients.storage(), bucket=settings.own.staging_bucket, clock=_now, new_id=_new_id)


def _golden(rest: Rest, settings: Settings) -> GoldenInBucket:
    from vertex_dr.google.probe_golden import GoldenInBucket  # noqa: PLC0415 - the same

    return GoldenInBucket(
        rest,
        storage=_url(settings, "storage", "https://storage.googleapis.com"),
        bucket=settings.artifact_bucket,
        service=settings.service,
    )


def _applied(settings: Settings, plan: Record | None) -> Record:
    from vertex_dr.traffic.plans import FailoverPlan  # noqa: PLC0415 - the same

    if not isinstance(plan, FailoverPlan):
        raise BadInput("apply a plan", found="something that is none", then="assess again")
    return applying(settings)(plan)


def _handing(url: str | None, in_process: Callable[[Record | None], Record]) -> HandOver:
    """Return what calls the function at url and, when it does not answer, does its work in this process.

    Either may flip, even both at once: Firestore decides which one did.
    """

    def hand_over(record: Record | None) -> dict[str, Any]:
        from vertex_dr.google.handoff import FunctionCall  # noqa: PLC0415 - the same
        from vertex_dr.kernel.records import to_plain  # noqa: PLC0415 - the same
        from vertex_dr.traffic.plans import Rehearsal  # noqa: PLC0415 - the same

        is_rehearsal = isinstance(record, Rehearsal)
        if url:
            try:
                return FunctionCall(url, timeout_seconds=_HAND_OVER_SECONDS)(record)
            except Unreachable as exc:
                if is_rehearsal:
                    raise
                from vertex_dr.kernel.events import emit  # noqa: PLC0415 - the same

                emit("traffic.hand_over.unanswered", severity="WARNING", url=url, error=str(exc))
        if is_rehearsal:
            return {}
        done = to_plain(in_process(record))
        return done if isinstance(done, dict) else {"answer": done}

    return hand_over


def _is_rehearsal(body: Mapping[str, Any]) -> bool:
    return body.get("decision") == "rehearsal"


def _seconds(body: Mapping[str, Any]) -> float | None:
    asked = body.get("seconds")
    if asked is None or (isinstance(asked, int | float) and not isinstance(asked, bool) and asked >= 0):
        return asked
    raise BadInput("probe the sides", found=f"`seconds` is {asked!r}", then="give a number of seconds, or leave it out")


def _now() -> datetime:
    return datetime.now(UTC)


def _new_id() -> str:
    return uuid.uuid4().hex

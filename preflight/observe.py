"""Ask everything once, side by side; a question that fails is kept with its reason, and the others go on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from preflight.checks.apis import NEEDED_APIS
from preflight.checks.permissions import NEEDED_PERMISSIONS
from preflight.checks.policies import CONSTRAINTS
from preflight.checks.quotas import SERVING_API
from preflight.checks.regions import REGIONAL_APIS
from preflight.records import NameKind, Observations, Resource, Unasked
from vertex_dr.kernel.errors import BadSettings, VertexDrError

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from preflight.ports import Ports
    from preflight.records import Declaration

__all__ = ["observe"]

T = TypeVar("T")

_AT_ONCE = 16


def observe(declaration: Declaration, ports: Ports) -> Observations:
    """Return what the project answered. Nothing is written; raises BadSettings when there are no credentials at all."""
    facts = ports.facts
    wanted = [*(Resource(kind=NameKind.BUCKET, name=one.name) for one in declaration.buckets), *declaration.resources]
    places = {f"{api} {region}": (api, region) for api in REGIONAL_APIS for region in declaration.regions.values()}
    places["firestore"] = ("firestore", "")
    with ThreadPoolExecutor(_AT_ONCE) as pool:

        def ask(question: Callable[[], T]) -> Future[T | Unasked]:
            return pool.submit(_answer, question)

        services = ask(lambda: facts.services(NEEDED_APIS))
        billing = ask(facts.billing)
        quotas = ask(lambda: facts.limits(SERVING_API))
        permissions = ask(lambda: facts.permissions(tuple(NEEDED_PERMISSIONS)))
        locations = {key: ask(lambda where=where: facts.locations(*where)) for key, where in places.items()}  # type: ignore[misc] # bound as a default
        policies = {name: ask(lambda name=name: facts.policy(name)) for name in CONSTRAINTS}  # type: ignore[misc] # likewise
        names = {one.name: ask(lambda one=one: ports.names.held(one)) for one in wanted}  # type: ignore[misc] # likewise
        return Observations(
            services=services.result(),
            billing=billing.result(),
            locations={key: found.result() for key, found in locations.items()},
            quotas=quotas.result(),
            policies={name: found.result() for name, found in policies.items()},
            permissions=permissions.result(),
            names={name: found.result() for name, found in names.items()},
        )


def _answer(question: Callable[[], T]) -> T | Unasked:
    try:
        return question()
    except BadSettings:
        raise
    except VertexDrError as error:
        return Unasked(found=error.found, then=error.then)

"""Whether each side's region has what a side is made of, and whether functions can be built there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from preflight.checks.finding import failed, passed, unasked, uncertain
from preflight.records import Unasked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from preflight.records import Declaration, Observations, PreflightFinding
    from vertex_dr.kernel.sides import Side

__all__ = ["BUILDS_EVERYWHERE", "REGIONAL_APIS", "builds", "regions"]

REGIONAL_APIS = ("aiplatform", "artifactregistry", "cloudfunctions", "cloudscheduler", "run")
# Where every project may build; some may build nowhere else, and no API says which:
# https://cloud.google.com/build/docs/locations#restricted_regions_for_some_projects
BUILDS_EVERYWHERE = (
    "us-central1",
    "us-west2",
    "europe-west1",
    "asia-east1",
    "australia-southeast1",
    "southamerica-east1",
)


def regions(declaration: Declaration, seen: Observations) -> Iterator[PreflightFinding]:
    """Yield a finding for each side and API, and one for tfvars that contradict each other."""
    for disagreement in declaration.disagreements:
        yield failed(
            "declaration",
            "terraform.tfvars",
            expected="one project, service and pair of regions in all three",
            found=disagreement,
            remedy="give all three environments the same",
        )
    for side, region in declaration.regions.items():
        for api in REGIONAL_APIS:
            yield _region(side, region, api, seen)


def _region(side: Side, region: str, api: str, seen: Observations) -> PreflightFinding:
    subject, expected = f"{side} {region} {api}", f"{api} serves {region}"
    answer = seen.locations[f"{api} {region}"]
    if isinstance(answer, Unasked):
        return unasked("region", subject, expected=expected, answer=answer)
    if region in answer.names:
        return passed("region", subject, expected=expected, found="it does")
    return failed(
        "region",
        subject,
        expected=expected,
        found=f"it serves {', '.join(sorted(answer.names)) or 'nowhere'}",
        remedy=f"choose another region for {side}",
    )


def builds(declaration: Declaration, _seen: Observations) -> Iterator[PreflightFinding]:
    """Yield a finding for each side: whether Cloud Build will build its functions in its region."""
    for side, region in declaration.regions.items():
        subject, expected = f"{side} {region}", "functions can be built in the side's region"
        if pool := declaration.worker_pools.get(side):
            yield passed("build-region", subject, expected=expected, found=f"in the private pool {pool}")
        elif region in BUILDS_EVERYWHERE:
            yield passed("build-region", subject, expected=expected, found="every project may build here")
        else:
            yield uncertain(
                "build-region",
                subject,
                expected=expected,
                found="some projects may build in " + ", ".join(BUILDS_EVERYWHERE) + " only; no API says whether yours",
                remedy=f"ask Google for the project, choose one of these regions, or set service.worker_pools.{side}",
            )

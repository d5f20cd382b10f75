"""Whether the artifact bucket and the selector's database can lie where they are declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from preflight.checks.finding import failed, passed, unasked
from preflight.checks.places import multi_region_of
from preflight.records import NameKind, Unasked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from preflight.records import Declaration, Observations, PreflightFinding

__all__ = ["locations"]


def locations(declaration: Declaration, seen: Observations) -> Iterator[PreflightFinding]:
    """Yield the findings on the dual-region bucket, and on the database and the one that stands there already."""
    yield _dual_region(declaration)
    subject, expected = declaration.database_location, f"Firestore offers {declaration.database_location}"
    offered = seen.locations["firestore"]
    if isinstance(offered, Unasked):
        yield unasked("database-location", subject, expected=expected, answer=offered)
    elif declaration.database_location in offered.names:
        yield passed("database-location", subject, expected=expected, found="it does")
    else:
        yield failed(
            "database-location",
            subject,
            expected=expected,
            found=f"it offers {', '.join(sorted(offered.names)) or 'none'}",
            remedy="set multi_regions.database of terraform/envs/global",
        )
    yield from _existing_database(declaration, seen)


def _dual_region(declaration: Declaration) -> PreflightFinding:
    multi_region, regions = declaration.bucket_multi_region.upper(), declaration.regions
    subject = "+".join(sorted(regions.values()))
    expected = f"both regions in the buckets' multi-region {multi_region}"
    strangers = [one for one in regions.values() if multi_region_of(one) != multi_region]
    if not strangers:
        return passed("bucket-location", subject, expected=expected, found="they are")
    shared = {multi_region_of(one) for one in regions.values()} - {None}
    fits = len(shared) == 1 and all(multi_region_of(one) for one in regions.values())
    return failed(
        "bucket-location",
        subject,
        expected=expected,
        found=f"{' and '.join(strangers)} {'is' if len(strangers) == 1 else 'are'} not",
        remedy=f"set multi_regions.bucket of terraform/envs/global to {shared.pop()}"
        if fits
        else "choose two regions of one of the multi-regions EU, US and ASIA",
    )


def _existing_database(declaration: Declaration, seen: Observations) -> Iterator[PreflightFinding]:
    for resource in declaration.resources:
        answer = seen.names[resource.name]
        if resource.kind is not NameKind.DATABASE or isinstance(answer, Unasked) or answer.by != "project":
            continue
        if answer.location != declaration.database_location:
            yield failed(
                "database-location",
                resource.name,
                expected=f"in {declaration.database_location}",
                found=f"exists in {answer.location}",
                remedy="choose another service.prefix, or declare this location: a database does not move",
            )

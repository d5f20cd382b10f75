"""Whether the serving quotas of each region hold the machines that are declared, a changing version included."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from preflight.checks.finding import failed, passed, unasked, uncertain
from preflight.records import Unasked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from preflight.records import Declaration, Limits, Machine, Observations, PreflightFinding
    from vertex_dr.kernel.sides import Side

__all__ = ["SERVING_API", "Need", "needs_of", "quotas"]

SERVING_API = "aiplatform.googleapis.com"
_PREFIX = f"{SERVING_API}/custom_model_serving_"
_TYPE = re.compile(r"(?P<family>[a-z]+\d*[a-z]?)-(?P<kind>[a-z]+)-(?P<size>\d+)(?P<unit>g?)")
# One metric for both families: "Custom model serving CPUs for N1/E2 machine types per region".
_SHARED = {"n1": "cpus", "e2": "cpus"}
# Accelerators come with these machines and are what their quota counts; size is theirs (1g) or vCPUs.
# https://cloud.google.com/vertex-ai/docs/predictions/configure-compute
_GPUS = {
    "a2-highgpu": "nvidia_a100_gpus",
    "a2-megagpu": "nvidia_a100_gpus",
    "a2-ultragpu": "nvidia_a100_80gb_gpus",
    "a3-highgpu": "nvidia_h100_gpus",
    "g2-standard": "nvidia_l4_gpus",
}
_L4_BY_VCPUS = {4: 1, 8: 1, 12: 1, 16: 1, 32: 1, 24: 2, 48: 4, 96: 8}
_UNLIMITED = -1


class Need(NamedTuple):
    """How much of which metric one machine takes."""

    metric: str
    amount: int


def needs_of(machine_type: str) -> Need | None:
    """Return what one machine of the type takes of which serving quota, None for a type whose name does not say."""
    parts = _TYPE.fullmatch(machine_type)
    if parts is None:
        return None
    family, size = parts["family"], int(parts["size"])
    if gpus := _GPUS.get(f"{family}-{parts['kind']}"):
        count = size if parts["unit"] else _L4_BY_VCPUS.get(size)
        return Need(_PREFIX + gpus, count) if count else None
    if parts["unit"]:
        return None
    return Need(_PREFIX + _SHARED.get(family, f"{family}_cpus"), size)


def quotas(declaration: Declaration, seen: Observations) -> Iterator[PreflightFinding]:
    """Yield a finding for each side and metric, and one for each machine type that cannot be read."""
    for side, region in declaration.regions.items():
        wanted: dict[str, list[tuple[Machine, int]]] = defaultdict(list)
        for machine in declaration.machines:
            if machine.side != side:
                continue
            if (need := needs_of(machine.machine_type)) is None:
                yield uncertain(
                    "quota",
                    f"{side} {region} {machine.machine_type}",
                    expected=f"a serving quota for {machine.model}",
                    found="which quota this machine type counts against is not known here",
                    remedy="look at the quotas custom_model_serving_… of Vertex AI in the console",
                )
            else:
                wanted[need.metric].append((machine, need.amount))
        for metric, machines in sorted(wanted.items()):
            yield _quota(side, region, metric, machines, seen.quotas)


def _quota(
    side: Side, region: str, metric: str, machines: list[tuple[Machine, int]], limits: Limits | Unasked
) -> PreflightFinding:
    subject = f"{side} {region} {metric.removeprefix(_PREFIX)}"
    # A new version is deployed beside the old one before traffic moves, so the largest model stands there twice.
    standing = sum(one.max_replicas * amount for one, amount in machines)
    changing = max(one.min_replicas * amount for one, amount in machines)
    wanted = standing + changing
    expected = f"{wanted} or more: {standing} for all replicas, {changing} while a version changes"
    if isinstance(limits, Unasked):
        return unasked("quota", subject, expected=expected, answer=limits)
    known = limits.metrics.get(metric)
    if known is None or (limit := known.get(region, known.get(""))) is None:
        found = f"{metric} is not among the {len(limits.metrics)} metrics listed, or has no limit of {region}"
        return uncertain(
            "quota", subject, expected=expected, found=found, remedy="look at the quotas of Vertex AI in the console"
        )
    if limit == _UNLIMITED or limit >= wanted:
        return passed("quota", subject, expected=expected, found="no limit" if limit == _UNLIMITED else str(limit))
    return failed(
        "quota",
        subject,
        expected=expected,
        found=str(limit),
        remedy=f"ask for {wanted} of {metric} in {region}, or declare smaller machines",
    )

"""What the environments declare, read from terraform plans of new things: nothing is asked of any cloud."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from provisioning.costs.records import Declared, Function, Node
from vertex_dr.kernel.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["declared_in"]

_MEMORY = re.compile(r"^(\d+)(M|Mi|G|Gi)$")
_BYTES = {"M": 10**6, "Mi": 2**20, "G": 10**9, "Gi": 2**30}
_GIB = 2**30
_MANIFESTS = "manifests/models/"


def declared_in(plans: Mapping[str, Mapping[str, Any]]) -> Declared:
    """Return what the sides' plans would make, of `terraform show -json` by side."""
    nodes: list[Node] = []
    functions: list[Function] = []
    policy: dict[str, float] = {}
    schedules = 0
    for side, plan in plans.items():
        resources = list(_resources(plan["planned_values"]["root_module"]))
        crons = {
            values["name"]: values["schedule"] for kind, values in resources if kind == "google_cloud_scheduler_job"
        }
        schedules += len(crons)
        for kind, values in resources:
            if kind == "google_storage_bucket_object" and str(values["name"]).startswith(_MANIFESTS):
                nodes.append(_node(side, json.loads(values["content"])))
            if kind == "google_cloudfunctions2_function":
                functions.append(_function(side, values, crons))
                policy = json.loads(_one(values, "service_config")["environment_variables"]["VERTEX_DR_POLICY"])
    return Declared(
        nodes=tuple(nodes),
        functions=tuple(functions),
        schedules=schedules,
        probe_interval_seconds=policy["probe_interval_seconds"],
        probe_window_seconds=policy["probe_window_seconds"],
    )


def _node(side: str, manifest: Mapping[str, Any]) -> Node:
    return Node(
        side=side,
        model=manifest["model"],
        machine_type=manifest["machine_type"],
        min_replicas=manifest["min_replicas"],
        max_replicas=manifest["max_replicas"],
    )


def _function(side: str, values: Mapping[str, Any], crons: Mapping[str, str]) -> Function:
    service = _one(values, "service_config")
    return Function(
        side=side,
        name=_one(values, "build_config")["entry_point"],
        cpu=float(service["available_cpu"]),
        memory_gib=_gib(service["available_memory"]),
        min_instances=service.get("min_instance_count") or 0,
        schedule=crons.get(values["name"], ""),
    )


def _one(values: Mapping[str, Any], block: str) -> dict[str, Any]:
    found: dict[str, Any] = values[block][0]
    return found


def _gib(memory: str) -> float:
    found = _MEMORY.match(memory)
    if found is None:
        raise BadInput(
            f"price a function of memory {memory}", found="it is no number of M, Mi, G or Gi", then="write 512M"
        )
    return int(found[1]) * _BYTES[found[2]] / _GIB


def _resources(module: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for resource in module.get("resources", []):
        yield resource["type"], resource["values"]
    for child in module.get("child_modules", []):
        yield from _resources(child)

"""What the environments of this repository declare, and a project on which nothing stands in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from preflight.checks.apis import NEEDED_APIS
from preflight.declaration import declared_by
from preflight.observe import observe
from tests.memory.preflight import MemoryFacts, MemoryPreflightPorts

if TYPE_CHECKING:
    from preflight.records import Declaration, Observations

SERVING_CPUS = "aiplatform.googleapis.com/custom_model_serving_cpus"


def plan(**changes: Any) -> dict[str, Any]:
    """Return the output `declared` of one environment."""
    sides = {
        side: {
            "staging_bucket": f"demo-vdr-staging-{region}",
            "image_repository": "vdr-images",
            "pipeline_repository": "vdr-pipelines",
            "endpoint": "1234567890",
        }
        for side, region in (("primary", "europe-west1"), ("dr", "europe-west4"))
    }
    return {
        "account_ids": {side: {"fail_over": f"vdr-{side}-fail-over"} for side in sides},
        "functions": ["vdr-fail-over"],
        "models": {"diagnosis": {"machine_type": "n1-standard-2", "min_replicas": 1, "max_replicas": 1}},
        "multi_regions": {"bucket": "EU", "database": "eur3"},
        "names": {
            "artifact_bucket": "demo-vdr-artifacts",
            "selector": {"database": "vdr-selector", "secret": "vdr-selector-diagnosis"},
            "state_buckets": {
                "global": "demo-vdr-tfstate-global",
                "primary": "demo-vdr-tfstate-europe-west1",
                "dr": "demo-vdr-tfstate-europe-west4",
            },
        },
        "project": "demo",
        "regions": {"primary": "europe-west1", "dr": "europe-west4"},
        "service": "diagnosis",
        "settings": {},
        "sides": sides,
        "state_project": None,
        "worker_pools": {"dr": "projects/demo/locations/europe-west4/workerPools/own"},
    } | changes


def declaration(**changes: Any) -> Declaration:
    """Return what the three environments declare, each with these changes."""
    changed = plan(**changes)
    return declared_by({"global": changed | {"models": {}, "worker_pools": {}}, "primary": changed, "dr": changed})


def project() -> MemoryPreflightPorts:
    """Return a project on which a first apply would go through."""
    facts = MemoryFacts(enabled=set(NEEDED_APIS), quotas={SERVING_CPUS: {"": 30}})
    return MemoryPreflightPorts(facts=facts)


def observations(declared: Declaration, **changes: Any) -> Observations:
    """Return what such a project answers, with these fields replaced or, where they are dicts, added to."""
    seen = observe(declared, project())
    merged = {
        key: {**getattr(seen, key), **value} if isinstance(getattr(seen, key), dict) else value
        for key, value in changes.items()
    }
    return msgspec.structs.replace(seen, **merged)

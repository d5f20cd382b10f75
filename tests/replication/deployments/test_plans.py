"""Decisions as tables: each case with the plan it leads to; `pytest --update-golden` rewrites the plans."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from tests.replication.short import cases, inventory, spelled
from tests.replication.world import ENDPOINT, settings_of
from vertex_dr.kernel.sides import Side
from vertex_dr.replication.deployments.manifests import Manifests
from vertex_dr.replication.deployments.reconcile_models import ServedAndDeclared, plan_reconcile
from vertex_dr.replication.records import Deployment, Manifest

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent


def test_what_a_reconciliation_plans(golden: Callable[[Path, str], None]) -> None:
    plans = []
    for case in cases(HERE, "reconcile"):
        serving = [text.split() for text in case["serving"]]
        deployments = tuple(
            Deployment(
                endpoint=ENDPOINT,
                id=f"d{number}",
                model="diagnosis",
                version=version,
                machine_type=machine,
                min_replicas=1,
                max_replicas=1,
                traffic=int(traffic),
            )
            for number, (version, machine, traffic) in enumerate(serving, start=1)
        )
        held = inventory(Side.PRIMARY, case["versions"], deployments=deployments)
        declared = {"model": "diagnosis", "endpoint": ENDPOINT, "machine_type": "n1-standard-2"}
        manifests = tuple(msgspec.convert(declared | fields, Manifest) for fields in case["manifests"])
        seen = ServedAndDeclared(held=held, manifests=Manifests(usable=manifests))
        plans.append(spelled(case["name"], plan_reconcile(settings_of(Side.PRIMARY), seen)))

    golden(HERE / "golden" / "reconcile.txt", "\n".join(plans))

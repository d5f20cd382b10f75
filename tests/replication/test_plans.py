"""Decisions as tables: each case with the plan it leads to; `pytest --update-golden` rewrites the plans."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from tests.replication.short import inventory, spelled
from tests.replication.world import ENDPOINT, settings_of
from vertex_dr.kernel.assets import AssetKind
from vertex_dr.kernel.sides import Side
from vertex_dr.replication.catalogs import Catalog
from vertex_dr.replication.compare import compare
from vertex_dr.replication.deployments.manifests import Manifests
from vertex_dr.replication.deployments.reconcile_models import ServedAndDeclared, plan_reconcile
from vertex_dr.replication.models.export_models import HeldAndPublished, plan_export
from vertex_dr.replication.models.plan_import import plan_import
from vertex_dr.replication.records import Deployment, Manifest, Unusable

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent


def cases(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((HERE / "cases" / f"{name}.json").read_text())
    return found


def test_what_an_import_plans(golden: Callable[[Path, str], None]) -> None:
    plans = []
    for case in cases("import"):
        source, target = inventory(Side.PRIMARY, case["source"]), inventory(Side.DR, case["target"])
        active = Side(case.get("active", "primary"))
        drift = compare(source, target, aliases_follow=active)
        plans.append(spelled(case["name"], plan_import(settings_of(Side.DR), drift, target, aliases_follow=active)))

    golden(HERE / "golden" / "import.txt", "\n".join(plans))


def test_what_a_reconciliation_plans(golden: Callable[[Path, str], None]) -> None:
    plans = []
    for case in cases("reconcile"):
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
        own = inventory(Side.PRIMARY, case["versions"], deployments=deployments)
        declared = {"model": "diagnosis", "endpoint": ENDPOINT, "machine_type": "n1-standard-2"}
        manifests = tuple(msgspec.convert(declared | fields, Manifest) for fields in case["manifests"])
        seen = ServedAndDeclared(own=own, manifests=Manifests(usable=manifests))
        plans.append(spelled(case["name"], plan_reconcile(settings_of(Side.PRIMARY), seen)))

    golden(HERE / "golden" / "reconcile.txt", "\n".join(plans))


def test_what_an_export_plans(golden: Callable[[Path, str], None]) -> None:
    plans = []
    for case in cases("export"):
        unusable = tuple(
            Unusable(kind=AssetKind.MODEL_VERSION, subject=f"diagnosis@{name}", problem="the tag v1 is gone")
            for name in case.get("unusable", ())
        )
        texts = [t if "exported" in t else f"{t} unexported" for t in case["versions"]]
        own = inventory(Side.PRIMARY, texts, unusable=unusable)
        published = case["catalog"]
        newest = None if published is None else Catalog(sequence=7, inventory=inventory(Side.PRIMARY, published))
        plans.append(
            spelled(case["name"], plan_export(settings_of(Side.PRIMARY), HeldAndPublished(own=own, newest=newest)))
        )

    golden(HERE / "golden" / "export.txt", "\n".join(plans))

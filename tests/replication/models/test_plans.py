"""Decisions as tables: each case with the plan it leads to; `pytest --update-golden` rewrites the plans."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tests.replication.short import cases, inventory, spelled
from tests.replication.world import settings_of
from vertex_dr.kernel.assets import AssetKind
from vertex_dr.kernel.sides import Side
from vertex_dr.replication.compare import compare
from vertex_dr.replication.models.export_models import HeldAndPublished, plan_export
from vertex_dr.replication.models.plan_import import plan_import
from vertex_dr.replication.observe import Catalog
from vertex_dr.replication.records import Unusable

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent


def test_what_an_import_plans(golden: Callable[[Path, str], None]) -> None:
    plans = []
    for case in cases(HERE, "import"):
        source, target = inventory(Side.PRIMARY, case["source"]), inventory(Side.DR, case["target"])
        active = Side(case.get("active", "primary"))
        drift = compare(source, target, aliases_follow=active)
        plans.append(spelled(case["name"], plan_import(settings_of(Side.DR), drift, target, aliases_follow=active)))

    golden(HERE / "golden" / "import.txt", "\n".join(plans))


def test_what_an_export_plans(golden: Callable[[Path, str], None]) -> None:
    plans = []
    for case in cases(HERE, "export"):
        unusable = tuple(
            Unusable(kind=AssetKind.MODEL_VERSION, subject=f"diagnosis@{name}", problem="the tag v1 is gone")
            for name in case.get("unusable", ())
        )
        texts = [t if "exported" in t else f"{t} unexported" for t in case["versions"]]
        held = inventory(Side.PRIMARY, texts, unusable=unusable)
        published = case["catalog"]
        newest = None if published is None else Catalog(sequence=7, inventory=inventory(Side.PRIMARY, published))
        plans.append(
            spelled(case["name"], plan_export(settings_of(Side.PRIMARY), HeldAndPublished(held=held, published=newest)))
        )

    golden(HERE / "golden" / "export.txt", "\n".join(plans))

"""Each example is planned as it stands in its module's README, and plans what its golden file says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.terraform.tree import Tree

TERRAFORM = Path(__file__).parents[2] / "terraform"
GOLDEN = Path(__file__).parent / "golden"
EXAMPLES = sorted(p.parent.relative_to(TERRAFORM).as_posix() for p in TERRAFORM.glob("modules/*/examples/*/main.tf"))


def summary(plan: dict[str, Any]) -> str:
    """Return what the plan would do, and the outputs that it knows already."""
    actions = {change["address"]: change["change"]["actions"] for change in plan.get("resource_changes", [])}
    outputs = {name: change.get("after") for name, change in plan.get("output_changes", {}).items()}
    return json.dumps({"actions": actions, "outputs": outputs}, indent=2, sort_keys=True) + "\n"


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_example_plans_what_its_golden_file_says(
    tree: Tree, golden: Callable[[Path, str], None], example: str
) -> None:
    _, module, _, name = example.split("/")

    found = summary(tree.planned(example))

    golden(GOLDEN / f"{module}.{name}.json", found)


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_modules_readme_shows_its_first_example(example: str) -> None:
    module = TERRAFORM / example.rsplit("/examples/", 1)[0]
    first = min(module.glob("examples/*/main.tf"))
    shown = first.read_text().strip().replace('"../.."', f'"../../modules/{module.name}"')

    assert shown in (module / "README.md").read_text(), f"{module.name}/README.md shows another text than {first}"

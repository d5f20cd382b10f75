"""Each environment plans, with the values of its terraform.tfvars, what its golden file says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.terraform.test_examples import GOLDEN, summary

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.terraform.tree import Tree


@pytest.mark.parametrize("environment", ["global", "primary", "dr"])
def test_the_environment_plans_what_its_golden_file_says(
    tree: Tree, golden: Callable[[Path, str], None], environment: str
) -> None:
    found = summary(tree.planned(f"envs/{environment}"))

    golden(GOLDEN / f"envs.{environment}.json", found)

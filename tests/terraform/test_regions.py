"""Whose regional host is asked is said by each resource itself: the real provider guesses it from nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from localcloud.terraform_provider.resources.catalogue import Catalogue
from tests.terraform.tree import STAND_IN, Tree

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLE = "modules/vertex-endpoint/examples/service"
DEFAULTS = dict.fromkeys(
    ("GOOGLE_REGION", "GCLOUD_REGION", "CLOUDSDK_COMPUTE_REGION", "GOOGLE_ZONE", "GCLOUD_ZONE"), ""
)
PLACES = ("location", "project", "region")


def declared(module: dict[str, Any], path: str = "") -> Iterator[tuple[str, str, set[str]]]:
    """Yield address, type and the arguments given of every resource of a planned configuration."""
    for resource in module.get("resources", []):
        yield f"{path}{resource['address']}", resource["type"], set(resource.get("expressions", {}))
    for name, call in module.get("module_calls", {}).items():
        yield from declared(call["module"], f"{path}module.{name}.")


def test_an_endpoint_is_applied_by_a_provider_that_has_no_region(cloud_tree: Tree) -> None:
    tree = Tree(cloud_tree.root, {**cloud_tree.variables, **DEFAULTS})
    tree.initialise(EXAMPLE)

    tree.run(EXAMPLE, "apply", "-input=false", "-auto-approve", "-no-color")
    again = tree.run(EXAMPLE, "plan", "-input=false", "-detailed-exitcode", "-no-color", check=False)
    tree.run(EXAMPLE, "destroy", "-input=false", "-auto-approve", "-no-color")

    assert again.returncode == 0, again.stdout


@pytest.mark.parametrize("environment", ["global", "primary"])  # dr is primary's twin
def test_every_resource_says_its_place_itself(tree: Tree, environment: str) -> None:
    """A default of the provider would move everything at once when a shell's GOOGLE_REGION differs."""
    known = Catalogue.load({"LOCALCLOUD_TERRAFORM_SCHEMA": str(STAND_IN.parent / "schema.json")}).resources
    planned = tree.planned(f"envs/{environment}")
    left_out = [
        f"{address} leaves out {place}"
        for address, kind, given in declared(planned["configuration"]["root_module"])
        for place in PLACES
        if place not in given and (attribute := known[kind].block.attributes.get(place)) and attribute.optional
    ]

    assert left_out == []

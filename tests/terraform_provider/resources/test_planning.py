"""What is planned from a prior state and a configuration: a case is a file of `planning/`, by API, with its reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from localcloud.terraform_provider.configuration import Configuration
from localcloud.terraform_provider.resources.planning import plan_block, replacements
from localcloud.terraform_provider.values import UNKNOWN, Values

if TYPE_CHECKING:
    from collections.abc import Callable

    from localcloud.terraform_provider.resources.catalogue import Catalogue
    from localcloud.terraform_provider.schemas.blocks import Block

CASES = Path(__file__).parent / "planning"
PLANS = Path(__file__).parents[1] / "golden" / "planning"
UNKNOWN_WORDS = "(known after apply)"
CONFIGURED = Configuration(
    project="demo",
    region="europe-west4",
    default_labels={"owner": "ml"},
    endpoints={"storage": "http://127.0.0.1:9400/storage/v1/"},
)


def complete(block: Block, given: Values) -> Values:
    """Return all values of a block: those given, and null for the rest."""
    values: Values = {}
    for name in block.attributes:
        values[name] = UNKNOWN if given.get(name) == UNKNOWN_WORDS else given.get(name)
    for name, nested in block.nested.items():
        inner = given.get(name)
        if nested.nesting == "single":
            values[name] = inner
        else:
            values[name] = [complete(nested.block, element) for element in inner or []]
    return values


def readable(value: Any) -> Any:
    """Return a value as it is written in a golden file: without nulls, and with words for what is not known."""
    if isinstance(value, dict):
        return {name: readable(part) for name, part in sorted(value.items()) if part not in (None, [])}
    if isinstance(value, list):
        return [readable(part) for part in value]
    return UNKNOWN_WORDS if value is UNKNOWN else value


@pytest.mark.parametrize("case", sorted(CASES.glob("*/*.json")), ids=lambda path: path.stem)
def test_plan_follows_its_reason(case: Path, catalogue: Catalogue, golden: Callable[[Path, str], None]):
    given = json.loads(case.read_text())
    kind = catalogue.resource(given["type"])
    prior = complete(kind.block, given["prior"]) if given.get("prior") else None
    config = complete(kind.block, given["config"])

    planned = plan_block(kind.block, prior, config)
    kind.plan(prior, config, planned, CONFIGURED)

    paths = replacements(kind.block, prior, planned) if prior else []
    changed = planned if prior is None else {name: value for name, value in planned.items() if value != prior[name]}
    found = {"reason": given["reason"], "planned": readable(changed), "requires_replace": paths}
    golden(PLANS / case.relative_to(CASES), json.dumps(found, indent=2) + "\n")


def test_planning_its_own_plan_again_changes_nothing(catalogue: Catalogue):
    for case in sorted(CASES.glob("*/*.json")):
        given = json.loads(case.read_text())
        block = catalogue.resource(given["type"]).block
        config = complete(block, given["config"])

        once = plan_block(block, complete(block, given.get("prior") or {}), config)

        assert plan_block(block, once, config) == once, case.stem

from __future__ import annotations

from tofupy.schema import Plan

from drill.machines.terraform import changes_of


def plan(resources: dict[str, list[str]], outputs: dict[str, list[str]] | None = None) -> Plan:
    return Plan(
        {
            "planned_values": {"root_module": {}},
            "resource_changes": [{"address": a, "change": {"actions": acts}} for a, acts in resources.items()],
            "output_changes": {name: {"actions": actions} for name, actions in (outputs or {}).items()},
        }
    )


def test_a_plan_that_does_nothing_is_empty() -> None:
    assert changes_of(plan({"google_a.b": ["no-op"], "data.google_c.d": ["read"]}, {"uri": ["no-op"]})) == []


def test_each_change_is_named_with_its_actions() -> None:
    found = changes_of(plan({"google_a.b": ["delete", "create"], "google_a.c": ["no-op"]}, {"uri": ["update"]}))

    assert found == ["google_a.b: delete and create", "output uri: update"]

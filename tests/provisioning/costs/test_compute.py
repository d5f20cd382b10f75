"""Bills are quantities at prices: what is declared decides the quantities."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest

from provisioning.costs.compute import costs_of, runs_a_month
from provisioning.costs.price_list import price_list
from provisioning.costs.records import Bill, Declared, Function, Node, NodePrices
from vertex_dr.kernel.errors import BadInput

PRICES = price_list()
MONTH = 730 * 3600


def function(name: str, **given: Any) -> Function:
    values = {"cpu": 1.0, "memory_gib": 0.5, "min_instances": 0, "schedule": "", "side": "primary"} | given
    return Function(name=name, **values)


def declared(*functions: Function, nodes: tuple[Node, ...] = ()) -> Declared:
    return Declared(nodes=nodes, functions=functions, schedules=3, probe_interval_seconds=5, probe_window_seconds=55)


def node(side: str, machine_type: str = "n1-standard-2", *, most: int = 1) -> Node:
    return Node(side=side, model="diagnosis", machine_type=machine_type, min_replicas=1, max_replicas=most)


def quantity(bill: Bill, what: str) -> float:
    (line,) = (line for line in bill.lines if line.what == what)
    return line.quantity


@pytest.mark.parametrize(
    ("schedule", "a_day"), [("* * * * *", 1440), ("3-59/15 * * * *", 96), ("0 3 * * *", 1), ("0 3 * * 1", 1 / 7)]
)
def test_a_schedule_fires_as_often_as_its_cron_says(schedule: str, a_day: float) -> None:
    assert runs_a_month(schedule) == pytest.approx(a_day * 730 / 24)


def test_what_only_callers_start_never_fires_by_itself() -> None:
    assert runs_a_month("") == 0


def test_probing_is_billed_for_its_window_of_every_minute() -> None:
    prober = function("probe_region", cpu=0.167, schedule="* * * * *")

    bill = costs_of(declared(prober), PRICES).standing

    assert quantity(bill, "probing: processors of probe_region") == pytest.approx(0.167 * MONTH * 55 / 60)
    assert quantity(bill, "probes written down") == pytest.approx(2 * 11 * 730 * 60 / 100_000)


def test_a_warm_instance_is_billed_as_idle_for_the_time_that_it_does_not_work() -> None:
    prober = function("probe_region", schedule="* * * * *")
    receiver = function("fail_over", min_instances=1)

    bill = costs_of(declared(prober, receiver), PRICES).standing

    rehearsed = 730 * 60 * PRICES.assumed.rehearsal_seconds
    assert quantity(bill, "all other functions: processors") == pytest.approx(rehearsed)
    assert quantity(bill, "kept warm: processors") == pytest.approx(MONTH - rehearsed)


def test_nothing_is_billed_as_idle_where_nothing_is_kept_warm() -> None:
    assert quantity(costs_of(declared(function("fail_over")), PRICES).standing, "kept warm: processors") == 0


def test_an_hour_failed_over_bills_the_nodes_that_dr_grows_by() -> None:
    costs = costs_of(declared(nodes=(node("primary", most=4), node("dr", most=3))), PRICES)

    assert quantity(costs.failed_over, "diagnosis grows on dr to all its replicas") == 2
    assert quantity(costs.standing, "diagnosis serves on dr") == 730


def test_a_drill_lasts_as_long_as_is_assumed() -> None:
    two = msgspec.structs.replace(PRICES, assumed=msgspec.structs.replace(PRICES.assumed, drill_hours=2))

    costs = costs_of(declared(nodes=(node("dr", most=3),)), two)

    assert quantity(costs.drill, "diagnosis grows on dr to all its replicas") == 4


def test_a_machine_type_without_a_price_is_refused_with_where_to_find_it() -> None:
    with pytest.raises(BadInput, match=r"cannot price a2-highgpu-1g, which serves diagnosis on dr.*add its price"):
        costs_of(declared(nodes=(node("dr", "a2-highgpu-1g"),)), PRICES)


def test_what_rests_on_a_price_that_was_not_listed_is_marked() -> None:
    unlisted = NodePrices(source="x", read=date(2026, 11, 24), usd_an_hour={"n1-standard-2": 1.0}, listed=False)

    bill = costs_of(declared(nodes=(node("dr"),)), msgspec.structs.replace(PRICES, nodes=unlisted)).standing

    assert [line.what for line in bill.lines if line.what.startswith("diagnosis") and not line.listed] == [
        "diagnosis serves on dr"
    ]


def test_every_price_says_where_and_when_it_was_read() -> None:
    for price in PRICES.prices.values():
        assert price.source.startswith("https://cloud.google.com/")
        assert date(2026, 1, 1) < price.read

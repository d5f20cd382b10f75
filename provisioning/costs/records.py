"""The words of costs: prices and assumptions, what is declared, and lines of a bill."""

from __future__ import annotations

from datetime import date

from vertex_dr.kernel.records import Record

__all__ = ["Assumed", "Bill", "Costs", "Declared", "Function", "Line", "Node", "NodePrices", "Price", "PriceList"]


class Price(Record, frozen=True, kw_only=True):
    """A list price: how much, for what, where it was read and when; listed is false for one that could not be read."""

    usd: float
    unit: str
    source: str
    read: date
    listed: bool = True


class NodePrices(Record, frozen=True, kw_only=True):
    """What an hour of a prediction node costs, by machine type."""

    source: str
    read: date
    usd_an_hour: dict[str, float]
    listed: bool = True


class Assumed(Record, frozen=True, kw_only=True):
    """What Terraform cannot know: sizes, how long runs take, how much happens."""

    drill_hours: float
    function_build_minutes: float
    functions_builds_a_month: float
    image_gb: float
    model_gb: float
    models_kept: float
    models_registered_a_month: float
    predictions_gb_an_hour: float
    rehearsal_seconds: float
    run_seconds: float


class PriceList(Record, frozen=True, kw_only=True):
    """All prices, and what is assumed."""

    prices: dict[str, Price]
    nodes: NodePrices
    assumed: Assumed


class Node(Record, frozen=True, kw_only=True):
    """What serves one model on one side."""

    side: str
    model: str
    machine_type: str
    min_replicas: int
    max_replicas: int


class Function(Record, frozen=True, kw_only=True):
    """One function of one side: its size, and when it runs; schedule is empty for one that is called only."""

    side: str
    name: str
    cpu: float
    memory_gib: float
    min_instances: int
    schedule: str


class Declared(Record, frozen=True, kw_only=True):
    """What the environments would make, as far as it costs something."""

    nodes: tuple[Node, ...]
    functions: tuple[Function, ...]
    schedules: int
    probe_interval_seconds: float
    probe_window_seconds: float


class Line(Record, frozen=True, kw_only=True):
    """One line of a bill: so much of something at its price."""

    what: str
    quantity: float
    unit: str
    usd_each: float
    listed: bool

    @property
    def usd(self) -> float:
        """What the line comes to."""
        return self.quantity * self.usd_each


class Bill(Record, frozen=True, kw_only=True):
    """What one thing costs."""

    title: str
    lines: tuple[Line, ...]

    @property
    def usd(self) -> float:
        """What all lines come to."""
        return sum(line.usd for line in self.lines)


class Costs(Record, frozen=True, kw_only=True):
    """The three bills: a month of standing ready, a drill on Google Cloud, an hour failed over."""

    standing: Bill
    drill: Bill
    failed_over: Bill

"""From what is declared, prices and assumptions to bills: pure arithmetic, a line for everything that costs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from croniter import croniter

from provisioning.costs.records import Bill, Costs, Line
from vertex_dr.kernel.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provisioning.costs.records import Declared, Function, Node, PriceList

__all__ = ["HOURS_A_MONTH", "costs_of", "runs_a_month"]

HOURS_A_MONTH = 730.0  # a year's twelfth, as Google's calculator counts
_MONTH_SECONDS = HOURS_A_MONTH * 3600
_COUNTED = timedelta(days=28)  # whole weeks, so that every weekday counts alike
_PROBED_SIDES = 2
_REHEARSED = ("assess_regions", "fail_over")
_PROBER = "probe_region"
_READS_A_WINDOW = 8  # selector twice, trails of both sides, readiness, and what the rehearsal reads


def costs_of(declared: Declared, prices: PriceList) -> Costs:
    """Return the three bills. Raises BadInput for a machine type without a price."""
    bills = _Bills(declared, prices)
    return Costs(
        standing=Bill(title="Standing ready, a month", lines=tuple(bills.standing())),
        drill=Bill(title="A drill on Google Cloud", lines=tuple(bills.drill())),
        failed_over=Bill(title="An hour failed over", lines=tuple(bills.failed_over())),
    )


def runs_a_month(schedule: str) -> float:
    """Return how often five fields of cron fire in a month."""
    if not schedule:
        return 0.0
    start = datetime(2026, 1, 5, tzinfo=UTC)
    ticks, count = croniter(schedule, start - timedelta(seconds=1)), 0
    while ticks.get_next(datetime) < start + _COUNTED:
        count += 1
    return count * _MONTH_SECONDS / _COUNTED.total_seconds()


class _Bills:
    """The lines, from one declaration and one list of prices."""

    def __init__(self, declared: Declared, prices: PriceList) -> None:
        self._declared = declared
        self._prices = prices
        self._assumed = prices.assumed

    def standing(self) -> Iterator[Line]:
        """Yield what a month costs in which nothing fails."""
        for node in self._declared.nodes:
            yield self._nodes(f"{node.model} serves on {node.side}", node, node.min_replicas * HOURS_A_MONTH)
        yield from self._functions()
        yield from self._observing()
        yield from self._storage()

    def drill(self) -> Iterator[Line]:
        """Yield what a drill adds to the month: its hour failed over, one version on its way, one build of all."""
        assumed = self._assumed
        for line in self.failed_over():
            yield Line(
                what=line.what,
                quantity=line.quantity * assumed.drill_hours,
                unit=line.unit,
                usd_each=line.usd_each,
                listed=line.listed,
            )
        yield self._line("one version travels to the other side", assumed.model_gb, "turbo_replication")
        yield self._line("its image is mirrored", assumed.image_gb, "network_between_regions")
        yield self._line(
            "every function is built once", len(self._declared.functions) * assumed.function_build_minutes, "build"
        )

    def failed_over(self) -> Iterator[Line]:
        """Yield what an hour adds in which one side serves all: its nodes grow, and clients reach it from afar."""
        for node in self._declared.nodes:
            if node.side == "dr":
                grown = float(node.max_replicas - node.min_replicas)
                yield self._nodes(f"{node.model} grows on dr to all its replicas", node, grown)
        yield self._line(
            "clients of the lost region predict from afar",
            self._assumed.predictions_gb_an_hour,
            "network_between_regions",
        )

    def _functions(self) -> Iterator[Line]:
        probers = [function for function in self._declared.functions if function.name == _PROBER]
        for kind, part in (("cpu", "processors"), ("memory", "memory")):
            probing = sum(_size(one, kind) * self._busy_seconds(one) for one in probers)
            yield self._line(f"probing: {part} of {_PROBER}", probing, f"function_{kind}")
            others = [function for function in self._declared.functions if function.name != _PROBER]
            working = sum(_size(one, kind) * self._busy_seconds(one) for one in others)
            yield self._line(f"all other functions: {part}", working, f"function_{kind}")
            idle = sum(_size(one, kind) * self._idle_seconds(one) for one in self._declared.functions)
            yield self._line(f"kept warm: {part}", idle, f"function_idle_{kind}")
        built = len(self._declared.functions) * self._assumed.functions_builds_a_month
        yield self._line("building the functions", built * self._assumed.function_build_minutes, "build")
        yield self._line("schedules", float(self._declared.schedules), "schedule")

    def _observing(self) -> Iterator[Line]:
        windows = sum(self._runs(one) for one in self._declared.functions if one.name == _PROBER)
        rounds = self._declared.probe_window_seconds / self._declared.probe_interval_seconds
        yield self._line("probes written down", windows * rounds * _PROBED_SIDES / 100_000, "document_writes")
        yield self._line("selector and trails read", windows * _READS_A_WINDOW / 100_000, "document_reads")
        yield self._line("copies of the selector read by probers", windows / 10_000, "secret_access")
        yield self._line("copies of the selector kept", 1.0, "secret_version")

    def _storage(self) -> Iterator[Line]:
        assumed = self._assumed
        models = assumed.models_kept * assumed.model_gb
        yield self._line("model artifacts in both regions", models, "dual_region_storage")
        registered = assumed.models_registered_a_month * assumed.model_gb
        yield self._line("new model artifacts replicated", registered, "turbo_replication")
        yield self._line("staged model artifacts of both sides", 2 * models, "region_storage")
        yield self._line("images and containers of both sides", 4 * assumed.image_gb, "artifact_storage")

    def _runs(self, function: Function) -> float:
        if function.name in _REHEARSED:  # each prober's window rehearses its own side's hand-over
            own = [one for one in self._declared.functions if one.name == _PROBER and one.side == function.side]
            return sum(self._runs(one) for one in own)
        return runs_a_month(function.schedule)

    def _busy_seconds(self, function: Function) -> float:
        if function.name == _PROBER:
            return self._runs(function) * self._declared.probe_window_seconds
        each = self._assumed.rehearsal_seconds if function.name in _REHEARSED else self._assumed.run_seconds
        return self._runs(function) * each

    def _idle_seconds(self, function: Function) -> float:
        return max(0.0, function.min_instances * _MONTH_SECONDS - self._busy_seconds(function))

    def _nodes(self, what: str, node: Node, hours: float) -> Line:
        prices = self._prices.nodes
        if node.machine_type not in prices.usd_an_hour:
            raise BadInput(
                f"price {node.machine_type}, which serves {node.model} on {node.side}",
                found=f"prices.toml lists {', '.join(sorted(prices.usd_an_hour))}",
                then=f"add its price of an hour from {prices.source}",
            )
        each = prices.usd_an_hour[node.machine_type]
        return Line(what=what, quantity=hours, unit=f"hour of {node.machine_type}", usd_each=each, listed=prices.listed)

    def _line(self, what: str, quantity: float, price: str) -> Line:
        listed = self._prices.prices[price]
        return Line(what=what, quantity=quantity, unit=listed.unit, usd_each=listed.usd, listed=listed.listed)


def _size(function: Function, kind: str) -> float:
    return function.cpu if kind == "cpu" else function.memory_gib

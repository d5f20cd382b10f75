"""docs/costs.md, from the bills: what is printed is the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provisioning.costs.records import Bill, Costs, PriceList

__all__ = ["page", "quoted"]

_HEAD = """# What it costs

`make costs` computes this page from what Terraform would make of `terraform/envs` and from Google's list prices in
`provisioning/costs/prices.toml`, where each has its source and the day on which it was read; a test holds that.
{quoted}.

US dollars, without taxes, free tiers, commitments and discounts; without training, logs and your clients' predictions.

A line with * rests on a price that could not be read in Google's list: look it up there before you rely on it.

On the local cloud a drill costs nothing.
"""
_CENTS = 0.005


def page(costs: Costs, prices: PriceList) -> str:
    """Return the page."""
    parts = [_HEAD.format(quoted=quoted(costs))]
    parts += ["\n".join(_table(bill)) for bill in (costs.standing, costs.drill, costs.failed_over)]
    parts.append("\n".join(_assumptions(prices)))
    return "\n".join(parts) + "\n"


def quoted(costs: Costs) -> str:
    """Return the sentence that the README quotes."""
    return (
        f"With the values of `terraform/envs` it costs about ${costs.standing.usd:,.0f} a month to stand ready,"
        f" ${costs.drill.usd:,.2f} for a drill on Google Cloud, and ${costs.failed_over.usd:,.2f} more for an hour"
        " failed over"
    )


def _table(bill: Bill) -> Iterator[str]:
    yield f"## {bill.title}: ${bill.usd:,.2f}\n"
    yield "| what | quantity | unit | US$ each | US$ |"
    yield "| --- | ---: | --- | ---: | ---: |"
    for line in sorted(bill.lines, key=lambda one: -one.usd):
        mark = "" if line.listed else " *"
        shown = f"{line.usd:,.2f}" if line.usd >= _CENTS else "0.00"
        yield f"| {line.what}{mark} | {line.quantity:,.2f} | {line.unit} | {_each(line.usd_each)} | {shown} |"
    yield ""


def _each(usd: float) -> str:
    """Return the price without an exponent: those of a second are small."""
    return f"{usd:.8f}".rstrip("0").rstrip(".")


def _assumptions(prices: PriceList) -> Iterator[str]:
    assumed = prices.assumed
    yield "## What is assumed\n"
    yield f"- {assumed.models_kept:g} model versions are kept, {assumed.model_gb:g} GB each;"
    yield f"  {assumed.models_registered_a_month:g} are registered a month. An image has {assumed.image_gb:g} GB."
    yield f"- A run takes {assumed.run_seconds:g} s, a rehearsal of the hand-over {assumed.rehearsal_seconds:g} s."
    yield (
        f"- Functions are built {assumed.functions_builds_a_month:g} times a month,"
        f" {assumed.function_build_minutes:g} minutes each."
    )
    yield f"- A drill lasts {assumed.drill_hours:g} h. Clients move {assumed.predictions_gb_an_hour:g} GB an hour."

"""The timeline as one picture: phases above, what every client waited below, outage and flips across both."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

from vertex_dr.kernel.sides import Side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from drill.evidence.records import Report
    from drill.evidence.samples import Sample

__all__ = ["draw"]

# ruff: noqa: PLC0415 - half a second and a backend to choose first, both only when the report is drawn

_COLOURS = {Side.PRIMARY: "#1f77b4", Side.DR: "#2ca02c"}
_FLOOR_MS = 1.0


def draw(report: Report, samples: Sequence[Sample], *, origin: float) -> str:
    """Return the timeline as SVG; origin is the epoch second at which its axis starts."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams |= {"svg.hashsalt": "vertex-dr", "svg.fonttype": "none", "font.family": "sans-serif", "font.size": 9}
    from matplotlib.figure import Figure  # after the backend is chosen

    figure = Figure(figsize=(11.5, 6.4), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=[2, 3])
    _phases(above, report, origin)
    _latencies(below, samples, origin)
    for axes in (above, below):
        _moments(axes, report, origin, is_labelled=axes is above)
    below.set_xlabel("seconds since the drill began")
    out = StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None})
    svg = out.getvalue()
    return svg[svg.index("<svg") :]


def _phases(axes: Axes, report: Report, origin: float) -> None:
    phases = [span for span in report.timeline if span.kind == "phase"]
    for row, span in enumerate(phases):
        start, width = span.started_at - origin, max(span.ended_at - span.started_at, 0.1)
        axes.broken_barh([(start, width)], (row - 0.4, 0.8), color="#8da0cb")
        axes.text(start + width, row, f" {width:.1f} s", va="center", fontsize=7.5)
    axes.set_yticks(range(len(phases)), [f"{n} {span.name}" for n, span in enumerate(phases, 1)])
    axes.invert_yaxis()
    axes.spines[["top", "right"]].set_visible(False)


def _latencies(axes: Axes, samples: Sequence[Sample], origin: float) -> None:
    answered = [s for s in samples if s.error is None]
    for side, colour in _COLOURS.items():
        for tries, marker, text in ((1, ".", "first try"), (2, "^", "second try")):
            chosen = [s for s in answered if s.side is side and min(s.tries, 2) == tries]
            if chosen:
                axes.plot(
                    [s.at - origin for s in chosen],
                    [max(s.ms, _FLOOR_MS) for s in chosen],
                    marker, color=colour, markersize=3 if tries == 1 else 5, alpha=0.6, rasterized=False,
                    label=f"{side} answered, {text} ({len(chosen)})",
                )  # fmt: skip
    bad = [s for s in samples if s.error is not None or not s.golden]
    if bad:
        axes.plot([s.at - origin for s in bad], [max(s.ms, _FLOOR_MS) for s in bad], "x", color="#d62728",
                  label=f"failed or wrong ({len(bad)})")  # fmt: skip
    axes.set_yscale("log")
    axes.set_ylabel("a client waited, ms")
    axes.spines[["top", "right"]].set_visible(False)
    if samples:
        axes.legend(loc="upper left", fontsize=8, frameon=False)
    else:
        axes.text(0.5, 0.5, "no prediction was made", transform=axes.transAxes, ha="center")


def _moments(axes: Axes, report: Report, origin: float, *, is_labelled: bool) -> None:
    seen = 0
    for span in report.timeline:
        if span.kind == "outage":
            axes.axvspan(span.started_at - origin, span.ended_at - origin, color="#d62728", alpha=0.08)
        if span.kind == "moment":
            axes.axvline(span.started_at - origin, color="#444", linewidth=0.8, linestyle="--")
            if is_labelled:  # each a line higher than the one before: a quick flip is close to its outage
                axes.annotate(
                    span.name, (span.started_at - origin, 1.0), xycoords=("data", "axes fraction"),
                    xytext=(2, 2 + 11 * (seen % 3)), textcoords="offset points", fontsize=8, ha="left", va="bottom",
                )  # fmt: skip
                seen += 1

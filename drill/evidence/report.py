"""The drill's evidence: one JSON file for machines and one self-contained page for people."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from drill.evidence.picture import draw
from vertex_dr.kernel.records import to_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drill.evidence.records import Report
    from drill.evidence.samples import Sample

__all__ = ["page", "write"]

# ruff: noqa: PLC0415 - the template engine is loaded once the drill is over, not while it measures

_PRECISE_BELOW = 10


def write(report: Report, samples: Sequence[Sample], *, folder: Path, origin: float, regions: str) -> None:
    """Make folder hold report.json and report.html of this drill; an older one is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.json").write_bytes(to_json(report))
    (folder / "report.html").write_text(page(report, samples, origin=origin, regions=regions))


def page(report: Report, samples: Sequence[Sample], *, origin: float, regions: str) -> str:
    """Return the report as one HTML page that needs no other file."""
    import jinja2
    import markupsafe

    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=False)
    environment.filters["figure"] = _figure
    environment.filters["groupby_kept"] = _grouped
    template = environment.from_string(Path(__file__).with_name("report.html.j2").read_text())
    picture = markupsafe.Markup(draw(report, samples, origin=origin))  # noqa: S704 - our own SVG
    return template.render(report=report, picture=picture, origin=origin, regions=regions)


def _grouped(items: Sequence[object], attribute: str) -> list[tuple[object, list[object]]]:
    """Return runs of neighbours with the same attribute, in their order."""
    return [(key, list(group)) for key, group in groupby(items, key=attrgetter(attribute))]


def _figure(value: float | None) -> str:
    if value is None:
        return "not measured"
    if isinstance(value, int) or value == int(value):
        return f"{int(value):,}"
    return f"{value:.3g}" if abs(value) < _PRECISE_BELOW else f"{value:,.1f}"

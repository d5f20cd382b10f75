"""The catalogue of events is what the functions emit: neither has a name that the other lacks."""

from __future__ import annotations

import ast
import io
import json
from pathlib import Path

from vertex_dr.kernel.events import Event, emit
from vertex_dr.kernel.sides import Side

FUNCTIONS = Path(__file__).parents[2] / "functions"


def emitted() -> dict[str, ast.expr]:
    """Return the first argument of every call of emit below functions/, by the place where it stands."""
    found = {}
    for path in sorted(FUNCTIONS.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and "emit" in {getattr(node.func, "id", ""), getattr(node.func, "attr", "")}:
                found[f"{path.relative_to(FUNCTIONS)}:{node.lineno}"] = node.args[0]
    return found


def test_an_event_is_one_line_of_json_that_cloud_logging_understands() -> None:
    out = io.StringIO()

    emit(Event.TRAFFIC_SELECTOR_FLIPPED, severity="WARNING", stream=out, epoch=2, lag_seconds=7.5, active=Side.DR)

    assert out.getvalue().count("\n") == 1
    assert json.loads(out.getvalue()) == {
        "severity": "WARNING",
        "message": "traffic.selector.flipped",
        "event": "traffic.selector.flipped",
        "epoch": 2,
        "lag_seconds": 7.5,
        "active": "dr",
    }


def test_every_emit_names_an_event_of_the_catalogue() -> None:
    known = {f"Event.{name}" for name in Event.__members__}

    assert [place for place, event in emitted().items() if ast.unparse(event) not in known] == []


def test_every_event_of_the_catalogue_is_emitted_somewhere() -> None:
    said = {event.attr for event in emitted().values() if isinstance(event, ast.Attribute)}

    assert set(Event.__members__) - said == set()


def test_an_event_is_called_what_its_dotted_name_says_and_has_a_sentence() -> None:
    for name, event in Event.__members__.items():
        assert name == event.value.upper().replace(".", "_")
        assert event.meaning.endswith(".")

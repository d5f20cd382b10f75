"""Predictions over REST, against endpoints that really serve."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import jwt
import msgspec
import pytest

from tests.contract.traffic.project import INSTANCES
from tests.contract.two_sides import on
from tests.traffic.samples import selector
from vertex_dr.kernel.errors import BadInput, NotFound, QuotaExhausted, Refused, Unreachable
from vertex_dr.kernel.sides import Side
from vertex_dr.wiring.entry_points import Capabilities

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.contract.traffic.project import TrafficProject
    from vertex_dr.adapters.google.vertex.predictions import VertexPredictions
    from vertex_dr.kernel.settings import Settings
    from vertex_dr.wiring.google_ports import GooglePorts


@pytest.fixture
def predictions(google: GooglePorts) -> VertexPredictions:
    return google.predictions


@pytest.mark.parametrize("side", Side)
def test_either_side_answers_with_one_value_an_instance_in_their_order(ports: Any, side: Side) -> None:
    golden = ports.golden.golden()
    destination = Capabilities(ports.settings, ports).traffic.ensure_selector.sides[side]

    answer = ports.predictions.predict(destination, golden.instances, timeout_seconds=10)

    assert answer.predictions == golden.predictions


def test_an_endpoint_answers_with_its_model(predictions: VertexPredictions, settings: Settings) -> None:
    destination = on(settings).traffic.ensure_selector.sides[Side.DR]

    answer = predictions.predict(destination, INSTANCES, timeout_seconds=10)

    assert answer.predictions == [3 * one for one in INSTANCES]
    assert answer.model_version == "1"


def test_instances_that_the_model_refuses_are_bad_input(predictions: VertexPredictions, settings: Settings) -> None:
    destination = on(settings).traffic.ensure_selector.sides[Side.DR]

    with pytest.raises(BadInput, match="instances must be numbers"):
        predictions.predict(destination, ["text"], timeout_seconds=10)


def test_an_endpoint_that_is_missing_is_not_the_callers_fault(
    predictions: VertexPredictions, settings: Settings
) -> None:
    destination = msgspec.structs.replace(on(settings).traffic.ensure_selector.sides[Side.DR], endpoint="999")

    with pytest.raises(NotFound):
        predictions.predict(destination, INSTANCES, timeout_seconds=10)


@pytest.mark.parametrize("mode", ["refused", "hanging"])
def test_a_dark_region_is_unreachable(
    predictions: VertexPredictions, settings: Settings, project: TrafficProject, mode: str
) -> None:
    destination = on(settings).traffic.ensure_selector.sides[Side.PRIMARY]
    project.admin("outage", region=destination.region, mode=mode)

    with pytest.raises(Unreachable, match="did not answer"):
        predictions.predict(destination, INSTANCES, timeout_seconds=0.3)


@pytest.mark.parametrize(
    ("order", "error", "asked"),
    [
        ({"mode": "slow", "latency_ms": 600_000}, Unreachable, None),
        ({"mode": "half", "share": 1}, Unreachable, None),
        ({"mode": "half", "share": 1, "retry_after_seconds": 4}, Unreachable, 4),
        ({"mode": "half", "share": 1, "status": 429, "retry_after_seconds": 4}, QuotaExhausted, 4),
        ({"mode": "quota"}, QuotaExhausted, None),
    ],
    ids=["slow", "503", "503-retry-after", "429-retry-after", "quota"],
)
def test_a_region_in_trouble_is_told_by_what_it_answers(
    predictions: VertexPredictions,
    project: TrafficProject,
    order: dict[str, Any],
    error: type[Unreachable],
    asked: float | None,
) -> None:
    destination = on(project.settings).traffic.ensure_selector.sides[Side.PRIMARY]
    project.admin("outage", region=destination.region, **order)

    with pytest.raises(Unreachable) as caught:
        predictions.predict(destination, INSTANCES, timeout_seconds=0.5)

    assert (type(caught.value), caught.value.retry_after_seconds) == (error, asked)


class Function(BaseHTTPRequestHandler):
    """Answers as told, and keeps what it was called with."""

    status = 200
    seen: dict[str, Any]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).seen = {"token": self.headers["Authorization"].partition(" ")[2], "body": json.loads(body)}
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(b'{"applied": true}')

    def log_message(self, *args: object) -> None: ...


@pytest.fixture
def function() -> Iterator[tuple[str, type[Function]]]:
    handler = type("Handler", (Function,), {})
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/run/assess", handler
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_hand_over_carries_the_record_and_a_token_for_the_functions_url(function: Any, google: GooglePorts) -> None:
    url, handler = function

    answer = google.functions.call(url, selector(), timeout_seconds=10)

    claims = jwt.decode(handler.seen["token"], options={"verify_signature": False})
    assert answer == {"applied": True}
    assert claims["aud"] == url
    assert handler.seen["body"]["epoch"] == 1


@pytest.mark.parametrize(("status", "error"), [(409, Refused), (503, Unreachable), (500, Unreachable)])
def test_a_hand_over_tells_a_refusal_from_a_failure(
    function: Any, google: GooglePorts, status: int, error: type[Exception]
) -> None:
    url, handler = function
    handler.status = status

    with pytest.raises(error):
        google.functions.call(url, None, timeout_seconds=10)


def test_a_hand_over_to_a_function_that_is_down_is_unreachable(google: GooglePorts) -> None:
    with pytest.raises(Unreachable, match="decide in this process"):
        google.functions.call("http://127.0.0.1:9/run/assess", None, timeout_seconds=10)

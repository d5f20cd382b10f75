"""The prediction server inside the serving image: Vertex AI's custom-container contract for a scikit-learn model.

It reads `model.joblib` from AIP_STORAGE_URI once, then answers AIP_HEALTH_ROUTE and AIP_PREDICT_ROUTE on AIP_HTTP_PORT.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any, ClassVar

import artifact
import joblib
import numpy as np


class PredictionHandler(BaseHTTPRequestHandler):
    """Answers one connection, as many requests as it carries."""

    protocol_version = "HTTP/1.1"  # connections are kept: a new one for each prediction would double its latency
    disable_nagle_algorithm = True
    wbufsize = -1  # headers and body leave in one segment
    model: ClassVar[Any]
    metadata: ClassVar[dict[str, Any]]
    health_route: ClassVar[str]
    predict_route: ClassVar[str]

    def do_GET(self) -> None:
        """Answer that the model is loaded; any other path is unknown."""
        if self.path == self.health_route:
            self._answer(HTTPStatus.OK, {"status": "healthy", "model": self.metadata})
        else:
            self._answer(HTTPStatus.NOT_FOUND, {"error": f"no route {self.path}; health is {self.health_route}"})

    def do_POST(self) -> None:
        """Answer class probabilities for the instances of the body."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path != self.predict_route:
            self._answer(
                HTTPStatus.NOT_FOUND, {"error": f"no route {self.path}; predictions are at {self.predict_route}"}
            )
            return
        try:
            instances = np.asarray(json.loads(body)["instances"], dtype=float)
            probabilities = self.model.predict_proba(instances)
        except (ValueError, KeyError, TypeError) as exc:
            self._answer(HTTPStatus.BAD_REQUEST, {"error": f"cannot predict these instances: {exc}"})
            return
        self._answer(HTTPStatus.OK, {"predictions": probabilities.tolist()})

    def _answer(self, status: HTTPStatus, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parameter that http.server names
        """Keep the log for what goes wrong: one line a prediction would drown it."""


class PredictionServer(ThreadingHTTPServer):
    """A thread a connection; connections do not keep the process alive."""

    daemon_threads = True
    request_queue_size = 128


def main() -> None:
    """Serve until SIGTERM."""
    env = os.environ
    files = artifact.read(env["AIP_STORAGE_URI"])
    PredictionHandler.model = joblib.load(BytesIO(files["model.joblib"]))
    PredictionHandler.metadata = json.loads(files.get("metadata.json", b"{}"))
    PredictionHandler.health_route = env.get("AIP_HEALTH_ROUTE", "/health")
    PredictionHandler.predict_route = env.get("AIP_PREDICT_ROUTE", "/predict")
    host = env.get("SERVING_HOST", "0.0.0.0")  # noqa: S104 - inside its container it must answer on every interface
    server = PredictionServer((host, int(env.get("AIP_HTTP_PORT", "8080"))), PredictionHandler)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    print(f"serving {env['AIP_STORAGE_URI']} on port {server.server_port}", file=sys.stderr, flush=True)  # noqa: T201 - the container's log
    server.serve_forever()


if __name__ == "__main__":
    main()

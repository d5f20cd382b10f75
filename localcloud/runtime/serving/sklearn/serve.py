"""The prebuilt scikit-learn server: Vertex AI's contract for `sklearn-cpu` images.

It runs in an environment of its own, so it imports nothing of this project. It loads model.joblib or model.pkl from
AIP_STORAGE_URI and answers {"predictions": model.predict(instances)}.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar
from urllib.parse import quote
from urllib.request import Request, urlopen

import joblib

_NAMES = ("model.joblib", "model.pkl")
_OK, _BAD_REQUEST, _NOT_FOUND = 200, 400, 404


def load_model() -> Any:
    """Return the model of AIP_STORAGE_URI; ends the process with one line when there is none."""
    bucket, _, prefix = os.environ["AIP_STORAGE_URI"].removeprefix("gs://").partition("/")
    items = json.loads(_read(f"{bucket}/o?prefix={quote(prefix, safe='')}")).get("items", [])
    found = {item["name"].rpartition("/")[2]: item["name"] for item in items}
    name = next((name for name in _NAMES if name in found), None)
    if name is None:
        sys.exit(f"no {' or '.join(_NAMES)} under {os.environ['AIP_STORAGE_URI']}, found: {sorted(found) or 'nothing'}")
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(_read(f"{bucket}/o/{quote(found[name], safe='')}?alt=media"))
        if name.endswith(".joblib"):
            return joblib.load(path)
        return pickle.loads(path.read_bytes())  # noqa: S301 - the model is the user's own, as at Google


def _read(path: str) -> bytes:
    """Return what Cloud Storage answers, asked as the identity of the metadata server."""
    metadata = os.environ.get("GCE_METADATA_HOST", "metadata.google.internal")
    place = f"http://{metadata}/computeMetadata/v1/instance/service-accounts/default/token"
    with urlopen(Request(place, headers={"Metadata-Flavor": "Google"})) as answer:
        token = json.load(answer)["access_token"]
    asked = Request(f"https://storage.googleapis.com/storage/v1/b/{path}", headers={"Authorization": f"Bearer {token}"})
    with urlopen(asked) as answer:
        content: bytes = answer.read()
        return content


class Handler(BaseHTTPRequestHandler):
    """Health and predictions."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    model: ClassVar[Any] = None

    def do_GET(self) -> None:
        """Answer the health route."""
        healthy = self.path == os.environ["AIP_HEALTH_ROUTE"]
        self._send(_OK if healthy else _NOT_FOUND, {})

    def do_POST(self) -> None:
        """Answer the predict route."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path != os.environ["AIP_PREDICT_ROUTE"]:
            self._send(_NOT_FOUND, {"error": f"no route {self.path}"})
            return
        try:
            instances = json.loads(body)["instances"]
            self._send(_OK, {"predictions": self.model.predict(instances).tolist()})
        except (ValueError, KeyError, TypeError) as error:
            self._send(_BAD_REQUEST, {"error": f"cannot predict: {type(error).__name__}: {error}"})

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the method overridden
        """Say nothing of requests: predictions are many."""

    def _send(self, status: int, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


if __name__ == "__main__":
    Handler.model = load_model()
    ThreadingHTTPServer(("127.0.0.1", int(os.environ["AIP_HTTP_PORT"])), Handler).serve_forever()

"""The server of the tests' image: predicts `factor * instance + offset`, and does odd things on request."""

# ruff: noqa: ANN001, ANN002, S310 - a program of the image, not of the project: it stands for whatever a user ships

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote
from urllib.request import Request, urlopen

import shipped  # comes with the image


def own(request):
    """Return the request with the server's own token, which its metadata server hands out."""
    url = f"http://{os.environ['GCE_METADATA_HOST']}/computeMetadata/v1/instance/service-accounts/default/token"
    with urlopen(Request(url, headers={"Metadata-Flavor": "Google"})) as answer:
        request.add_header("Authorization", f"Bearer {json.load(answer)['access_token']}")
    return request


STORAGE = "https://storage.googleapis.com"
BUCKET, _, PREFIX = os.environ["AIP_STORAGE_URI"].removeprefix("gs://").partition("/")
ADDRESS = f"{STORAGE}/storage/v1/b/{BUCKET}/o/{quote(PREFIX + '/weights.json', safe='')}?alt=media"
WEIGHTS = json.load(urlopen(own(Request(ADDRESS))))
if gate := os.environ.get("GATE"):
    urlopen(gate).read()  # it answers when the test lets the server begin
STRANGERS = ("aiohttp", "vertex_dr", "localcloud", "numpy", "pip")
if WEIGHTS.get("broken"):
    sys.exit("the weights are broken")


def can_import(name):
    try:
        __import__(name)
    except ImportError:
        return False
    return True


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        self.answer(200 if self.path == os.environ["AIP_HEALTH_ROUTE"] else 404, {})

    def do_POST(self):
        instances = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["instances"]
        if instances == ["crash"]:
            os._exit(3)
        if instances == ["strangers"]:
            self.answer(200, {"predictions": [name for name in STRANGERS if can_import(name)]})
        elif instances == ["environment"]:
            self.answer(200, {"predictions": [dict(os.environ)]})
        elif instances == ["nothing"]:
            self.answer(200, {})
        elif any(not isinstance(one, int | float) for one in instances):
            self.answer(400, {"error": "instances must be numbers"})
        else:
            self.answer(200, {"predictions": [one * WEIGHTS["factor"] + shipped.OFFSET for one in instances]})

    def answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args):
        pass


ThreadingHTTPServer(("127.0.0.1", int(os.environ["AIP_HTTP_PORT"])), Handler).serve_forever()

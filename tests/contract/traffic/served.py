"""The model server of these tests: answers factor x instance, and refuses what is no number."""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote
from urllib.request import Request, urlopen


def own(request: Request) -> Request:
    """Return the request with the server's own token, which its metadata server hands out."""
    url = f"http://{os.environ['GCE_METADATA_HOST']}/computeMetadata/v1/instance/service-accounts/default/token"
    with urlopen(Request(url, headers={"Metadata-Flavor": "Google"})) as answer:
        request.add_header("Authorization", f"Bearer {json.load(answer)['access_token']}")
    return request


STORAGE = "https://storage.googleapis.com"
BUCKET, _, PREFIX = os.environ["AIP_STORAGE_URI"].removeprefix("gs://").partition("/")
ADDRESS = f"{STORAGE}/storage/v1/b/{BUCKET}/o/{quote(PREFIX + '/factor.json', safe='')}?alt=media"
FACTOR = json.load(urlopen(own(Request(ADDRESS))))  # noqa: S310 - an address of Google's


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        self.answer(200, {})

    def do_POST(self):
        instances = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["instances"]
        if any(not isinstance(one, int | float) for one in instances):
            self.answer(400, {"error": "instances must be numbers"})
        else:
            self.answer(200, {"predictions": [one * FACTOR for one in instances]})

    def answer(self, status: int, body: dict) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: object) -> None:
        pass


ThreadingHTTPServer(("127.0.0.1", int(os.environ["AIP_HTTP_PORT"])), Handler).serve_forever()

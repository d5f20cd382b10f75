"""A pass-through in front of the local cloud that remembers every request."""

from __future__ import annotations

import contextlib
import http.client
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

_HOP_BY_HOP = {"connection", "content-length", "host", "keep-alive", "transfer-encoding"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request and the status of its answer."""

    method: str
    path: str
    query: dict[str, str]
    body: Any  # JSON, or for an upload {"metadata": ..., "content": text}
    status: int


@dataclass(slots=True)
class Recorder:
    """What was requested since it was last taken."""

    url: str
    requests: list[Request] = field(default_factory=list)

    def take(self) -> list[Request]:
        """Return what was requested, and forget it."""
        taken, self.requests = self.requests, []
        return taken


@contextlib.contextmanager
def recording(target: str) -> Iterator[Recorder]:
    """Yield a recorder whose url answers as target does."""
    recorder = Recorder("")
    host = urlsplit(target).netloc

    class Handler(_PassThrough):
        """A connection to the recorder."""

        forwarded_to = host
        remembered = recorder

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    recorder.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield recorder
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _PassThrough(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are written apart
    forwarded_to: str
    remembered: Recorder

    def _forward(self) -> None:
        content = self._content()
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP_BY_HOP}
        connection = http.client.HTTPConnection(self.forwarded_to, timeout=120)
        try:
            connection.request(self.command, self.path, body=content or None, headers=headers)
            response = connection.getresponse()
            answer = response.read()
        finally:
            connection.close()
        parts = urlsplit(self.path)
        self.remembered.requests.append(
            Request(
                method=self.command,
                path=parts.path,
                query=dict(parse_qsl(parts.query, keep_blank_values=True)),
                body=_understood(content, self.headers.get("Content-Type", "")),
                status=response.status,
            )
        )
        self.send_response_only(response.status)
        for name, value in response.getheaders():
            if name.lower() not in _HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _forward  # noqa: N815 - http.server looks for these names

    def _content(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        chunks = []
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is http.server's
        """Say nothing."""


def _understood(content: bytes, content_type: str) -> Any:
    """Return a body as data; an upload as its metadata and its content."""
    if not content:
        return None
    if "boundary=" in content_type:
        boundary = content_type.partition("boundary=")[2].strip('"').encode()
        parts = [part.partition(b"\r\n\r\n") for part in content.split(b"--" + boundary)[1:-1]]
        (_, _, metadata), (heading, _, data) = parts
        kind = heading.decode().partition("Content-Type:")[2].strip()
        return {"metadata": json.loads(metadata), "type": kind, "content": data.removesuffix(b"\r\n").decode("latin-1")}
    try:
        return json.loads(content)
    except ValueError:
        return content.decode("latin-1")

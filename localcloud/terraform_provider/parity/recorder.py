"""A proxy in front of the local cloud's that remembers every request: it can, since it knows the cloud's authority."""

from __future__ import annotations

import contextlib
import http
import http.client
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from localcloud.core.addresses.authority import Authority

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator, Mapping

_HOP_BY_HOP = {"connection", "content-length", "host", "keep-alive", "transfer-encoding"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request and the status of its answer."""

    method: str
    path: str  # with the host before it
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
def recording(cloud: Mapping[str, str]) -> Iterator[Recorder]:
    """Yield a recorder whose url is a proxy like that of the cloud, which `localcloud env` printed the variables of."""
    recorder = Recorder("")

    class Handler(_PassThrough):
        """A connection to the recorder."""

        proxy = urlsplit(cloud["HTTPS_PROXY"]).netloc
        authority = Authority.kept_in(Path(cloud["SSL_CERT_FILE"]).parent)
        trusted = authority.trust()
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
    proxy: str
    authority: Authority
    trusted: ssl.SSLContext
    remembered: Recorder
    host = ""  # of Google's, once the tunnel to it stands
    cloud: http.client.HTTPSConnection

    def do_CONNECT(self) -> None:
        """Go on with the same connection as the host that is asked for, unless the cloud refuses the host."""
        self.host = self.path.rpartition(":")[0]
        self.cloud = http.client.HTTPSConnection(self.proxy, timeout=120, context=self.trusted)
        self.cloud.set_tunnel(self.host, 443)
        try:
            self.cloud.connect()
        except OSError as error:
            self.send_error(http.HTTPStatus.FORBIDDEN, explain=str(error))
            return
        self.send_response_only(http.HTTPStatus.OK)
        self.end_headers()
        self.connection = self.authority.context(self.host).wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb")
        self.close_connection = False

    def _forward(self) -> None:
        content = self._content()
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP_BY_HOP}
        self.cloud.request(self.command, self.path, body=content or None, headers=headers)
        response = self.cloud.getresponse()
        answer = response.read()
        parts = urlsplit(self.path)
        self.remembered.requests.append(
            Request(
                method=self.command,
                path=self.host + parts.path,
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

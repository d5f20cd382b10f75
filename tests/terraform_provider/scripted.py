"""A server that answers as its script says, and remembers what it was asked."""

from __future__ import annotations

import contextlib
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from localcloud.terraform_provider.configuration import Configuration
from localcloud.terraform_provider.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

HANG_UP = 0  # a status: the connection is closed without an answer


@dataclass(slots=True)
class Script:
    """The answers to come, in order, and what was asked."""

    answers: list[tuple[int, Any]]
    asked: list[tuple[str, str, Any]] = field(default_factory=list)
    connections: int = 0
    headers: list[dict[str, str]] = field(default_factory=list)


@contextlib.contextmanager
def scripted(*answers: tuple[int, Any], **settings: Any) -> Iterator[tuple[Session, Script]]:
    """Yield a session whose every endpoint is the scripted server, and that tries again at once."""
    script = Script(list(answers))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def setup(self) -> None:
            script.connections += 1
            super().setup()

        def answer(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            script.asked.append((self.command, self.path, json.loads(content) if content else None))
            script.headers.append(dict(self.headers))
            status, body = script.answers.pop(0)
            if status == HANG_UP:
                self.close_connection = True
                return
            made = json.dumps(body).encode()
            self.send_response_only(status)
            self.send_header("Content-Length", str(len(made)))
            self.end_headers()
            self.wfile.write(made)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815 - http.server looks for these names

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    root = f"http://127.0.0.1:{server.server_port}"
    endpoints = {"storage": f"{root}/storage/v1/", "iam_beta": f"{root}/iam/v1/", "pubsub": f"{root}/pubsub/v1/"}
    try:
        configuration = Configuration(project="demo", endpoints=endpoints, **settings)
        yield Session(configuration, first_pause_seconds=0, first_poll_seconds=0), script
    finally:
        server.shutdown()
        server.server_close()

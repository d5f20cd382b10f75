"""What the command says to a running cloud, and how its answers read."""

from __future__ import annotations

import http.client
import json
import shlex
from typing import Any

from localcloud.core.config import HOST

_TIMEOUT_SECONDS = 60


class NotAnsweredError(Exception):
    """The cloud did not do what the command asked; the message is the line to print."""


def ask(port: int, question: str) -> dict[str, Any]:
    """Return the cloud's answer to GET /_localcloud/{question}; raises NotAnsweredError."""
    return _exchange(port, "GET", question, None)


def tell(port: int, order: str, body: dict[str, Any]) -> dict[str, Any]:
    """Return the cloud's answer to POST /_localcloud/{order}; raises NotAnsweredError."""
    return _exchange(port, "POST", order, body)


def as_json(found: dict[str, Any]) -> str:
    """Return the answer as indented JSON."""
    return json.dumps(found, indent=2)


def exports(variables: dict[str, str]) -> str:
    """Return shell lines that export the variables."""
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in variables.items())


def status_text(found: dict[str, Any]) -> str:
    """Return a status for people."""
    lines = [f"project {found['project']}, process {found['pid']}, state in {found['state_dir']}", "", "ports"]
    lines += [f"  {name:<16} {port}" for name, port in found["ports"].items()]
    lines += ["", "services"]
    lines += [f"  {api:<22} {', '.join(service['versions'])}" for api, service in found["services"].items()]
    lines += ["", "dark"]
    lines += [
        f"  {entry.get('service', 'everything')} in {entry['region']} ({entry['mode']})" for entry in found["dark"]
    ]
    lines += [] if found["dark"] else ["  nothing"]
    lines += ["", "methods answered 501"]
    lines += [f"  {method}: {count} times" for method, count in found["unimplemented"].items()]
    lines += [] if found["unimplemented"] else ["  none"]
    lines += ["", "known differences from Google"]
    lines += [f"  everywhere: {difference}" for difference in found["differences"]]
    for api, service in found["services"].items():
        lines += [f"  {api}: {difference}" for difference in service["differences"]]
    return "\n".join(lines)


def _exchange(port: int, method: str, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
    connection = http.client.HTTPConnection(HOST, port, timeout=_TIMEOUT_SECONDS)
    try:
        connection.request(method, f"/_localcloud/{path}", json.dumps(body) if body is not None else None)
        response = connection.getresponse()
        answer: dict[str, Any] = json.loads(response.read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotAnsweredError(
            f"no local cloud answers on {HOST}:{port} ({error}); start one with `localcloud up`, "
            "or name its ports with --port-base"
        ) from None
    finally:
        connection.close()
    if "error" in answer:
        raise NotAnsweredError(f"cannot do {path}: {answer['error']['message']}")
    return answer

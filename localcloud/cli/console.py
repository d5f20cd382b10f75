"""What the command says to a running cloud, and how its answers read."""

from __future__ import annotations

import http.client
import json
import re
import shlex
from typing import TYPE_CHECKING, Any

from localcloud.core.config import HOST

if TYPE_CHECKING:
    from collections.abc import Mapping

_TIMEOUT_SECONDS = 60
_OUTSIDE = "LOCALCLOUD_OUTSIDE_"
# How `status` tells what an outage was ordered with, by the name in the cloud's answer.
_OPTIONS = {
    "share": "share",
    "latency_ms": "median ms",
    "status": "status",
    "retry_after_seconds": "retry after s",
    "seed": "seed",
}
_WAY_OUT = re.compile("PROXY|CERT|CA_BUNDLE", re.IGNORECASE)


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


def outside(found: dict[str, str], environment: Mapping[str, str]) -> dict[str, str]:
    """Return, as `LOCALCLOUD_OUTSIDE_NAME`, what the shell had where the cloud's variables replace it.

    With it whatever installs packages finds the way out again. A shell that reaches a cloud already keeps what it has.
    """
    if environment.get("HTTPS_PROXY") and environment["HTTPS_PROXY"] == environment.get("LOCALCLOUD_URL"):
        return {name: text for name, text in environment.items() if name.startswith(_OUTSIDE)}
    return {f"{_OUTSIDE}{name}": environment[name] for name in found if _WAY_OUT.search(name) and name in environment}


def status_text(found: dict[str, Any]) -> str:
    """Return a status for people."""
    lines = [f"project {found['project']}, process {found['pid']}, state in {found['state_dir']}", ""]
    lines += [f"HTTPS proxy on port {found['ports']['proxy']}; hosts without CONNECT, by TLS on port 443:"]
    lines += [f"  {region:<16} {address}" for region, address in found["addresses"].items()]
    refused = ", ".join(f"{host} ({times} times)" for host, times in found["unserved_hosts"].items())
    lines += ["", f"hosts refused, since they are not served: {refused or 'none'}"]
    lines += ["", "services"]
    lines += [f"  {api:<22} {', '.join(service['versions'])}" for api, service in found["services"].items()]
    lines += ["", "outages"]
    lines += [f"  {outage_text(outage)}; requests that met it: {outage['met']}" for outage in found["outages"]]
    lines += [] if found["outages"] else ["  none"]
    lines += ["", "methods answered 501"]
    lines += [f"  {method}: {count} times" for method, count in found["unimplemented"].items()]
    lines += [] if found["unimplemented"] else ["  none"]
    lines += ["", "denied, since nobody knows what it needs or means"]
    lines += [f"  {unknown}: {count} times" for unknown, count in found["unknown_permissions"].items()]
    lines += [] if found["unknown_permissions"] else ["  nothing"]
    lines += ["", "known differences from Google"]
    lines += [f"  everywhere: {difference}" for difference in found["differences"]]
    for api, service in found["services"].items():
        lines += [f"  {api}: {difference}" for difference in service["differences"]]
    return "\n".join(lines)


def outage_text(outage: dict[str, Any]) -> str:
    """Return what is wrong, where, for whom and how often, in one line."""
    about = [f"{_OPTIONS[name]} {outage[name]}" for name in _OPTIONS if outage.get(name) is not None]
    what = f"{outage.get('api') or 'everything'} in {outage['region']}"
    return f"{what} for {outage.get('caller') or 'everybody'}: {', '.join([outage['mode'], *about])}"


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

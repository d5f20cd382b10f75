"""Two cycles compared; what a server invents and what Terraform holds to be the same is no difference."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from localcloud.terraform_provider.parity.cycle import STEPS
from localcloud.terraform_provider.values import is_zero

if TYPE_CHECKING:
    from localcloud.terraform_provider.parity.cycle import Cycle
    from localcloud.terraform_provider.parity.recorder import Request

# Differ between any two runs, where they are no blocks.
_INVENTED = re.compile(
    r"^(access_token|etag|uid|uniqueId|unique_id|generation|key_prefix|create_?[tT]ime|update_?[tT]ime|time_created|updated|effective_time"
    r"|earliest_version_time|destroy_time|media_link|self_link|build)$"
)
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<=127\.0\.0\.1:)\d+")  # the server's, and its port
# The attributes that only one of the versions compared has, or that one reads and the other does not.
_VERSION_ONLY = {"secret_type", "secret_data_wo_version"}
_READ_DIFFERENTLY = {"hierarchical_namespace", "trigger"}
_MASK = "updateMask"
_MEANS_UNSET = {"with_state": "ANY"}
_NOT_COMPARED = {"alt", "prettyPrint", "generation"}  # what the client adds, and what the server has invented


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One difference: where, and what each provider has there."""

    kind: str  # "action", "replan", "request" or "state"
    step: str
    address: str  # of the resource, or method and path of the request
    real: Any
    ours: Any


def compare(real: Cycle, ours: Cycle) -> list[Difference]:
    """Return every difference between two cycles of the same root."""
    found: list[Difference] = []
    for step in STEPS:
        found += _maps("action", step, real.plans[step], ours.plans[step])
        found += _requests(step, real.requests[step], ours.requests[step])
    for step in real.states:
        found += _maps("replan", step, real.replans[step], ours.replans[step])
        found += _maps("state", step, values(real.states[step]), values(ours.states[step]))
    return found


def values(state: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the meaningful values of a state, by address and attribute."""
    ignored = _VERSION_ONLY | _READ_DIFFERENTLY
    return {
        f"{address}.{name}": value
        for address, attributes in state.items()
        for name, value in (_plain(attributes) or {}).items()
        if name not in ignored
    }


def mutations(requests: list[Request]) -> list[dict[str, Any]]:
    """Return the requests that change something, as data.

    Of the writes of one IAM policy only the last one, which holds them all.
    """
    found: dict[str, dict[str, Any]] = {}
    for index, request in enumerate(requests):
        if request.method == "GET" or request.path.endswith(":getIamPolicy"):
            continue
        query = {name: text for name, text in request.query.items() if name not in _NOT_COMPARED}
        if _MASK in query:
            query[_MASK] = ",".join(sorted(query[_MASK].split(",")))
        policy = request.path.endswith((":setIamPolicy", "/iam"))
        sent = _of_the_root(request.body) if policy else request.body
        body = _upper_location(_plain(sent)) if request.path.endswith("/v1/b") else _plain(sent)
        made = {"method": request.method, "path": _ID.sub("ID", request.path), "query": query, "body": body}
        found[request.path if policy else str(index)] = made
    return sorted(found.values(), key=lambda made: json.dumps(made, sort_keys=True))


def _of_the_root(body: Any) -> Any:
    """Return the policy of a request with the root's identities alone, which are all named `parity-…`.

    What else it holds the provider has read: the owner's binding, and what Google grants its service agents.
    """
    policy = body.get("policy", body)
    bindings = [
        {**binding, "members": [member for member in binding["members"] if "parity-" in member]}
        for binding in policy.get("bindings", ())
    ]
    kept = {**policy, "bindings": [binding for binding in bindings if binding["members"]]}
    return {**body, "policy": kept} if "policy" in body else kept


def _upper_location(body: Any) -> Any:
    """Return a bucket's body with its location in upper case: the server takes any."""
    return {**body, "location": body["location"].upper()}


def _requests(step: str, real: list[Request], ours: list[Request]) -> list[Difference]:
    counted = [Counter(json.dumps(made, sort_keys=True) for made in mutations(side)) for side in (real, ours)]
    missing, extra = counted[0] - counted[1], counted[1] - counted[0]
    by_path: dict[str, list[Any]] = {}
    for side, counter in enumerate((missing, extra)):
        for text in counter.elements():
            made = json.loads(text)
            by_path.setdefault(f"{made['method']} {made['path']}", [None, None])[side] = made
    return [
        Difference(kind="request", step=step, address=path, real=sides[0], ours=sides[1])
        for path, sides in sorted(by_path.items())
    ]


def _maps(kind: str, step: str, real: dict[str, Any], ours: dict[str, Any]) -> list[Difference]:
    return [
        Difference(kind=kind, step=step, address=name, real=real.get(name), ours=ours.get(name))
        for name in sorted(real.keys() | ours.keys())
        if real.get(name) != ours.get(name)
    ]


def _plain(value: Any) -> Any:
    """Return the value without zeros and invented values, lists in order of their text: sets come in any."""
    if isinstance(value, dict):
        kept = {name: _plain(part) for name, part in value.items() if not _is_invented(name, part)}
        unset = {name for name, part in kept.items() if part is None or _MEANS_UNSET.get(name) == part}
        return {name: part for name, part in kept.items() if name not in unset} or None
    if isinstance(value, list):
        return sorted((_plain(part) for part in value), key=lambda part: json.dumps(part, sort_keys=True)) or None
    if isinstance(value, str):
        return _ID.sub("ID", value) or None
    return None if is_zero(value) else value


def _is_invented(name: str, value: Any) -> bool:
    return bool(_INVENTED.match(name)) and not isinstance(value, dict | list)

"""When two different texts mean the same, so that a plan keeps what the state has.

The rules' names are used in `schemas/resource_types.py`.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_DURATION = re.compile(r"(\d+)([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def _any_case(prior: str, planned: str) -> bool:
    return prior.upper() == planned.upper()


def _short_or_full_name(prior: str, planned: str) -> bool:
    """Name of a resource and its full name, or the path of its URL."""
    return bool(planned) and (prior.endswith("/" + planned) or planned.endswith("/" + prior))


def _bucket(prior: str, planned: str) -> bool:
    return prior.removeprefix("b/") == planned.removeprefix("b/")


def _project(prior: str, planned: str) -> bool:
    return prior.removeprefix("projects/") == planned.removeprefix("projects/")


def _duration(prior: str, planned: str) -> bool:
    return seconds(prior) is not None and seconds(prior) == seconds(planned)


def _default_deadline(prior: str, planned: str) -> bool:
    return {prior, planned} <= {"", "180s"}


def _final_slash(prior: str, planned: str) -> bool:
    return prior.rstrip("/") == planned.rstrip("/")


def _equal_json(prior: str, planned: str) -> bool:
    return bool(_json(prior) == _json(planned))


def _member(prior: str, planned: str) -> bool:
    """Kinds of members are written in any case, and so are their addresses (but not pools' and sets' paths)."""
    return "/" not in prior and prior.lower() == planned.lower()


RULES: dict[str, Callable[[str, str], bool]] = {
    "bucket": _bucket,
    "case": _any_case,
    "deadline": _default_deadline,
    "duration": _duration,
    "json": _equal_json,
    "member": _member,
    "name": _short_or_full_name,
    "project": _project,
    "slash": _final_slash,
}


def same(rule: str, prior: Any, planned: Any) -> bool:
    """Whether the planned value says no more than the prior one, by the attribute's rule.

    Without a rule only equals are the same.
    """
    if isinstance(prior, str) and isinstance(planned, str):
        return prior == planned or (rule in RULES and RULES[rule](prior, planned))
    return bool(prior == planned)


def seconds(text: str) -> int | None:
    """Return the seconds of a duration such as 30d or 3600s; None for any other text."""
    found = _DURATION.fullmatch(text)
    return int(found[1]) * _SECONDS[found[2]] if found else None


def _json(text: str) -> Any:
    try:
        return json.loads(text or "null")
    except ValueError:
        return text

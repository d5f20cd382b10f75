"""Pages of a list, with tokens that say where the next page starts."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from localcloud.core.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Mapping

_DEFAULT = 100
_MOST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A part of a list, and the token of the next part, None after the last."""

    items: list[dict[str, Any]]
    next_token: str | None


def listed(
    field: str, items: list[dict[str, Any]], query: Mapping[str, str], *, even_empty: bool = False
) -> dict[str, Any]:
    """Return a list method's answer: the page that the query asks for under the field, left out when it is empty."""
    shown = page(items, query.get("pageSize"), query.get("pageToken"))
    answer: dict[str, Any] = {field: shown.items} if shown.items or even_empty else {}
    return answer | ({"nextPageToken": shown.next_token} if shown.next_token else {})


def page(items: list[dict[str, Any]], size: str | None, token: str | None) -> Page:
    """Return one page. Raises ApiError 400 for a size or token that is none."""
    start = _start(token) if token else 0
    try:
        wanted = int(size or 0)
    except ValueError:
        raise ApiError.invalid(f"Invalid value at 'page_size' (TYPE_INT32), \"{size}\"") from None
    if wanted < 0:
        raise ApiError.invalid(f"page_size must not be negative, got {wanted}")
    end = start + min(wanted or _DEFAULT, _MOST)
    following = base64.urlsafe_b64encode(str(end).encode()).decode() if end < len(items) else None
    return Page(items=items[start:end], next_token=following)


def _start(token: str) -> int:
    try:
        return int(base64.urlsafe_b64decode(token))
    except (ValueError, binascii.Error):
        raise ApiError.invalid(f"page_token {token!r} is not one that this list has answered") from None

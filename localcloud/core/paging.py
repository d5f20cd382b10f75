"""Pages of a list, with tokens that say where the next page starts."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from localcloud.core.errors import ApiError

_DEFAULT = 100
_MOST = 1000


def page(items: list[dict[str, Any]], size: str | None, token: str | None) -> tuple[list[dict[str, Any]], str | None]:
    """Return one page and the token of the next, or None. Raises ApiError 400 for a size or token that is none."""
    start = _start(token) if token else 0
    try:
        wanted = int(size or 0)
    except ValueError:
        raise ApiError.invalid(f"Invalid value at 'page_size' (TYPE_INT32), \"{size}\"") from None
    if wanted < 0:
        raise ApiError.invalid(f"page_size must not be negative, got {wanted}")
    end = start + min(wanted or _DEFAULT, _MOST)
    following = base64.urlsafe_b64encode(str(end).encode()).decode() if end < len(items) else None
    return items[start:end], following


def _start(token: str) -> int:
    try:
        return int(base64.urlsafe_b64decode(token))
    except (ValueError, binascii.Error):
        raise ApiError.invalid(f"page_token {token!r} is not one that this list has answered") from None

"""The header Retry-After: when an answer asks to be asked again.

Source: https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
"""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["retry_after_seconds"]


def retry_after_seconds(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that the answer asks to wait, None when it names no time or none that can be read.

    A date counts from the answer's own Date, so a clock that is wrong here changes nothing.
    """
    asked = headers.get("Retry-After", "").strip()
    if asked.isascii() and asked.isdigit():
        return float(asked)
    try:
        wait = parsedate_to_datetime(asked) - parsedate_to_datetime(headers.get("Date", ""))
    except (TypeError, ValueError):
        return None
    return max(wait.total_seconds(), 0.0)

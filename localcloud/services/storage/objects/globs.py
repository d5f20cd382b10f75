"""matchGlob: `*` within a folder, `**` across folders, `?`, `[a-z]`, `{this,that}`."""

from __future__ import annotations

import re

from localcloud.core.errors import ApiError

_PIECES = re.compile(r"\*\*|\*|\?|\[(?:\\.|[^\]])*\]|[{},]|\\.|.", re.DOTALL)
_FIXED = {"**": ".*", "*": "[^/]*", "?": "[^/]", "{": "(?:", "}": ")"}


def compiled(glob: str) -> re.Pattern[str]:
    """Return the pattern that matches a whole name; raises ApiError 400 for a glob that is none."""
    depth = 0
    parts: list[str] = []
    for piece in _PIECES.findall(glob):
        depth += {"{": 1, "}": -1}.get(piece, 0)
        if piece == ",":
            parts.append("|" if depth else ",")
        elif piece.startswith("[") and piece != "[":
            inside = piece[1:-1]
            parts.append(f"[{'^' + inside[1:] if inside[:1] in {'!', '^'} else inside}]")
        else:
            parts.append(_FIXED.get(piece) or re.escape(piece[1:] if len(piece) > 1 else piece))
    try:
        return re.compile("".join(parts), re.DOTALL)
    except re.error as error:
        raise ApiError.invalid(f"Invalid glob {glob!r}: {error}") from None

"""Hand a record over to the next function, or do its work here when that one does not answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vertex_dr.kernel.errors import Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable

    from vertex_dr.kernel.records import Record
    from vertex_dr.traffic.ports import HandOver

__all__ = ["handing"]

# ruff: noqa: PLC0415 - an import inside a function is this file's purpose

# What a hand-over may take: the next function may have to start first.
_HAND_OVER_SECONDS = 20.0


def handing(
    url: str | None,
    in_process: Callable[[Record | None], Record],
    *,
    patience_seconds: float = _HAND_OVER_SECONDS,
) -> HandOver:
    """Return what calls the function at url and, when it does not answer in time, does its work in this process.

    A rehearsal waits longer than patience_seconds: the next function may have to start, and nothing depends on it yet.

    Either may flip, even both at once: Firestore decides which one did.
    """

    def hand_over(record: Record | None) -> dict[str, Any]:
        from vertex_dr.adapters.google.functions.call import FunctionCall
        from vertex_dr.kernel.records import to_plain
        from vertex_dr.traffic.plans import Rehearsal

        is_rehearsal = isinstance(record, Rehearsal)
        if url:
            try:
                seconds = _HAND_OVER_SECONDS if is_rehearsal else min(patience_seconds, _HAND_OVER_SECONDS)
                return FunctionCall(url, timeout_seconds=seconds)(record)
            except Unreachable as exc:
                if is_rehearsal:
                    raise
                from vertex_dr.kernel.events import emit

                emit("traffic.hand_over.unanswered", severity="WARNING", url=url, error=str(exc))
        if is_rehearsal:
            return {}
        done = to_plain(in_process(record))
        return done if isinstance(done, dict) else {"answer": done}

    return hand_over

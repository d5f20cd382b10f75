"""What a commit of Firestore does: a permission a write, told by its precondition and its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_NOTHING = frozenset({"writes_nothing"})


def words_of(writes: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Return `creates`, `updates` and `deletes` as the writes need them, or `writes_nothing`.

    The rule: https://cloud.google.com/firestore/docs/security/iam. An update or transform whose document must not
    exist creates, one whose document must exist updates, one without precondition may do both.
    """
    words: set[str] = set()
    for write in writes:
        words |= _words(write)
    return frozenset(words) or _NOTHING


def words_of_patch(query: Mapping[str, str]) -> frozenset[str]:
    """Return the words of a patch of one document, whose precondition stands in the query."""
    exists = query.get("currentDocument.exists", "").lower()
    updated = query.get("currentDocument.updateTime")
    condition = {"updateTime": updated} if updated else {"exists": exists == "true"} if exists else {}
    return words_of([{"update": {}, "currentDocument": condition}])


def _words(write: Mapping[str, Any]) -> set[str]:
    if "delete" in write:
        return {"deletes"}
    condition = write.get("currentDocument") or {}
    if condition.get("exists") is False:
        return {"creates"}
    if condition.get("exists") is True or condition.get("updateTime"):
        return {"updates"}
    return {"creates", "updates"}

"""Finds the method of a request path. Paths are matched before percent-decoding, so that `%2F` stays in its segment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar
from urllib.parse import unquote

T = TypeVar("T")
_ANY = "*"
_REST = "**"


@dataclass(slots=True)
class _Node(Generic[T]):
    children: dict[str, _Node[T]] = field(default_factory=dict)
    ends: dict[tuple[str, str | None], tuple[T, tuple[str, ...]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match(Generic[T]):
    """What was found, the decoded path without its custom verb, the verb, and the decoded parameters."""

    found: T
    name: str
    verb: str | None
    params: dict[str, str]


class Routes(Generic[T]):
    """A tree of path segments. `{x}` is one segment, `{+x}` the rest of the path; a literal beats both."""

    def __init__(self) -> None:
        self._root: _Node[T] = _Node()

    def add(self, http_method: str, template: str, found: T) -> None:
        """Make the template lead to found; the last one added for the same template wins."""
        path, _, verb = _split_verb(template)
        node = self._root
        params: list[str] = []
        for segment in path.split("/"):
            key = segment
            if segment.startswith("{"):
                key = _REST if segment.startswith("{+") else _ANY
                params.append(segment.strip("{+}"))
            node = node.children.setdefault(key, _Node())
        node.ends[http_method, verb] = (found, tuple(params))

    def match(self, http_method: str, raw_path: str) -> Match[T] | None:
        """Return what the path leads to, or None. A colon that starts no known verb belongs to the name."""
        path, _, verb = _split_verb(raw_path)
        if verb is not None and (found := self._walk(http_method, path, verb)):
            return found
        return self._walk(http_method, raw_path, None)

    def _walk(self, http_method: str, raw_path: str, verb: str | None) -> Match[T] | None:
        segments = raw_path.split("/")
        stack: list[tuple[_Node[T], int, tuple[str, ...]]] = [(self._root, 0, ())]
        while stack:
            node, at, values = stack.pop()
            if at == len(segments):
                end = node.ends.get((http_method, verb))
                if end is not None:
                    params = dict(zip(end[1], map(unquote, values), strict=True))
                    return Match(end[0], "/".join(map(unquote, segments)), verb, params)
                continue
            segment = segments[at]
            if rest := node.children.get(_REST):
                stack.append((rest, len(segments), (*values, "/".join(segments[at:]))))
            if segment and (wildcard := node.children.get(_ANY)):
                stack.append((wildcard, at + 1, (*values, segment)))
            if literal := node.children.get(segment):
                stack.append((literal, at + 1, values))
        return None


def _split_verb(path: str) -> tuple[str, str, str | None]:
    head, slash, last = path.rpartition("/")
    name, colon, verb = last.rpartition(":")
    if not colon or "}" in verb:
        return path, "", None
    return f"{head}{slash}{name}", colon, verb

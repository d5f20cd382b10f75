"""Routes outside the discovery documents, found by listener, method and longest prefix."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from localcloud.core.service import Route


class PlainRoutes:
    """Prefixes of raw paths; a `*` in one is exactly one segment."""

    def __init__(self) -> None:
        self._routes: list[tuple[list[str], Route, str]] = []

    def add(self, route: Route, api: str) -> None:
        """Make the route findable for the service of that API."""
        self._routes.append((route.prefix.split("/"), route, api))
        self._routes.sort(key=lambda entry: (-len(entry[0]), -len(entry[1].prefix)))

    def find(self, listener: str, method: str, raw_path: str) -> tuple[Route, str] | None:
        """Return the most specific route and the API it belongs to, or None."""
        parts = raw_path.split("/")
        for pattern, route, api in self._routes:
            if route.listener in {listener, "any"} and route.method in {method, "*"} and _fits(pattern, parts):
                return route, api
        return None


def _fits(pattern: list[str], parts: list[str]) -> bool:
    """Whether parts start with the pattern; its last part may be the start of a segment (`/v2` fits `/v2/…` only)."""
    if pattern[-1] == "":
        pattern = pattern[:-1]
    if len(pattern) > len(parts):
        return False
    return all(want in ("*", got) for want, got in zip(pattern, parts, strict=False))

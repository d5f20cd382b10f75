"""Routes outside the discovery documents, found by host, method and longest prefix."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from localcloud.core.service import Route


class PlainRoutes:
    """Prefixes of raw paths; a `*` in one is exactly one segment."""

    def __init__(self) -> None:
        self._routes: list[Route] = []

    def add(self, route: Route, api: str) -> None:
        """Make the route findable for the service of that API."""
        self._routes.append(replace(route, api=route.api or api))
        self._routes.sort(key=lambda known: (-known.prefix.count("/"), -len(known.prefix)))

    def find(self, host: str, method: str, raw_path: str) -> Route | None:
        """Return the most specific route, with the API it belongs to, or None."""
        parts = raw_path.split("/")
        for route in self._routes:
            is_meant = route.host == host and route.method in {method, "*"}
            if is_meant and _fits(route.prefix.split("/"), parts):
                return route
        return None


def _fits(pattern: list[str], parts: list[str]) -> bool:
    """Whether parts start with the pattern; its last part may be the start of a segment (`/v2` fits `/v2/…` only)."""
    if pattern[-1] == "":
        pattern = pattern[:-1]
    if len(pattern) > len(parts):
        return False
    return all(want in ("*", got) for want, got in zip(pattern, parts, strict=False))

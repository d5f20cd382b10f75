"""Every resource of the local cloud: one table from (API, name) to JSON, kept in the state directory."""

from __future__ import annotations

import bisect
import sqlite3
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from localcloud.core.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SCHEMA = """
create table if not exists resources (api text, name text, body blob, primary key (api, name)) without rowid;
create table if not exists counters (name text primary key, value integer);
"""
_FIRST_ID = 1000


class Stored(NamedTuple):
    """A resource with its name."""

    name: str
    resource: dict[str, Any]


class Store:
    """Resources by API and name. Reads answer a fresh copy, so nothing changes but by `put` and `delete`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._bodies: dict[str, dict[str, bytes]] = {}
        self._names: dict[str, list[str]] = {}
        self._database: sqlite3.Connection | None = None
        self._last_id = _FIRST_ID

    def open(self) -> None:
        """Load what an earlier cloud left in the state directory."""
        database = sqlite3.connect(self._path, isolation_level=None)
        database.execute("pragma journal_mode=wal")
        database.execute("pragma synchronous=off")  # the machine's crash may lose the tail; the daemon's cannot
        database.executescript(_SCHEMA)
        for api, name, body in database.execute("select api, name, body from resources order by api, name"):
            self._bodies.setdefault(api, {})[name] = body
        self._names = {api: sorted(bodies) for api, bodies in self._bodies.items()}
        row = database.execute("select value from counters where name = 'id'").fetchone()
        self._last_id = row[0] if row else _FIRST_ID
        self._database = database

    def close(self) -> None:
        """Leave everything in the one file; repeating is safe."""
        if self._database is not None:
            self._database.execute("pragma wal_checkpoint(truncate)")
            self._database.close()
            self._database = None

    def get(self, api: str, name: str) -> dict[str, Any] | None:
        """Return a copy of the resource, or None."""
        body = self._bodies.get(api, {}).get(name)
        return None if body is None else msgspec.json.decode(body)

    def require(self, api: str, name: str) -> dict[str, Any]:
        """Return a copy of the resource; raises ApiError 404 when there is none."""
        found = self.get(api, name)
        if found is None:
            raise ApiError.not_found(f"Resource '{name}' was not found.")
        return found

    def put(self, api: str, name: str, resource: dict[str, Any]) -> None:
        """Make the resource exist with exactly this content; repeating is safe."""
        body = msgspec.json.encode(resource)
        bodies = self._bodies.setdefault(api, {})
        if name not in bodies:
            bisect.insort(self._names.setdefault(api, []), name)
        bodies[name] = body
        self._execute("insert or replace into resources values (?, ?, ?)", api, name, body)

    def delete(self, api: str, name: str) -> None:
        """Make the resource not exist; repeating is safe."""
        if self._bodies.get(api, {}).pop(name, None) is None:
            return
        names = self._names[api]
        del names[bisect.bisect_left(names, name)]
        self._execute("delete from resources where api = ? and name = ?", api, name)

    def children(self, api: str, parent: str, collection: str) -> list[dict[str, Any]]:
        """Return the direct children of parent in one collection, sorted by name."""
        prefix = f"{parent}/{collection}/" if parent else f"{collection}/"
        return [resource for name, resource in self.under(api, prefix) if "/" not in name[len(prefix) :]]

    def under(self, api: str, prefix: str) -> Iterator[Stored]:
        """Yield what is stored under every name that starts with prefix, in order."""
        for name in self.names(api, prefix):
            body = self._bodies[api].get(name)
            if body is not None:
                yield Stored(name, msgspec.json.decode(body))

    def names(self, api: str, prefix: str = "", *, start: str = "") -> list[str]:
        """Return the names that start with prefix and are not below start, in order."""
        names = self._names.get(api, [])
        first = bisect.bisect_left(names, max(prefix, start))
        last = bisect.bisect_left(names, prefix + "\U0010ffff") if prefix else len(names)
        return names[first:last]

    def apis(self) -> list[str]:
        """Return the APIs that hold any resource."""
        return sorted(self._bodies)

    def next_id(self) -> str:
        """Return a number that this cloud has never returned before."""
        self._last_id += 1
        self._execute("insert or replace into counters values ('id', ?)", self._last_id)
        return str(self._last_id)

    def _execute(self, statement: str, *values: object) -> None:
        if self._database is None:
            raise RuntimeError(f"cannot write to {self._path}: the store is not open; call open() first")
        self._database.execute(statement, values)

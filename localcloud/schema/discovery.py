"""Google's discovery documents: the methods and schemas of an API version, pruned once and then read from a cache."""

from __future__ import annotations

import importlib.util
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from localcloud.schema import pruning
from localcloud.schema.routing import Routes

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Method:
    """One method: id without the API's name, where it is found, and the names of its schemas."""

    id: str
    http_method: str
    path: str
    parameters: Mapping[str, Mapping[str, Any]]
    request: str | None
    response: str | None

    @property
    def collection_id(self) -> str:
        """The id without its action: `projects.locations.models`."""
        return self.id.rpartition(".")[0]

    @property
    def action(self) -> str:
        """The last word of the id: `create`, `get`, `upload`."""
        return self.id.rpartition(".")[2]

    @property
    def is_on_collection(self) -> bool:
        """Whether the path ends in a collection, not in one resource."""
        return not self.path.rpartition("/")[2].startswith("{")

    @property
    def is_long_running(self) -> bool:
        """Whether the method answers an operation."""
        return self.response in {"Operation", "GoogleLongrunningOperation"}

    def query_parameters(self) -> list[str]:
        """Return the names of the parameters that stand in the query."""
        return [name for name, parameter in self.parameters.items() if parameter.get("location") == "query"]


class Document:
    """What one API version accepts: routes to methods, and schemas by name."""

    def __init__(self, api: str, version: str, pruned: Mapping[str, Any]) -> None:
        self.api = api
        self.version = version
        self.schemas: Mapping[str, Mapping[str, Any]] = pruned["schemas"]
        self.methods = {entry["id"]: Method(**entry) for entry in pruned["methods"]}
        self.routes: Routes[Method] = Routes()
        for method in self.methods.values():
            self.routes.add(method.http_method, method.path, method)

    def resource_schema(self, collection_id: str) -> str | None:
        """Return the name of the schema that the collection's `get` answers."""
        method = self.methods.get(f"{collection_id}.get")
        return method.response if method else None


def load(api: str, version: str, cache: Path) -> Document:
    """Return the document of an API version, and leave its pruned form in the cache for the next start.

    Raises FileNotFoundError when google-api-python-client carries no such document. Repeating is safe.
    """
    source = _documents() / f"{api}.{version}.json"
    stat = source.stat()
    pruned_path = cache / f"{api}.{version}.{stat.st_size}.{pruning.FORM}.json"
    if pruned_path.exists():
        return Document(api, version, msgspec.json.decode(pruned_path.read_bytes()))
    pruned = pruning.prune(msgspec.json.decode(source.read_bytes()), api, version)
    cache.mkdir(parents=True, exist_ok=True)
    unfinished = pruned_path.with_suffix(f".{os.getpid()}")
    unfinished.write_bytes(msgspec.json.encode(pruned))
    unfinished.replace(pruned_path)
    return Document(api, version, pruned)


def _documents() -> Path:
    found = importlib.util.find_spec("googleapiclient")  # located, not imported: the import costs 20 MB
    if found is None or not found.submodule_search_locations:
        raise FileNotFoundError("google-api-python-client is not installed; its discovery documents drive localcloud")
    return Path(found.submodule_search_locations[0]) / "discovery_cache" / "documents"

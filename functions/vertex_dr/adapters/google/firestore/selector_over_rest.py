"""Read the selector over plain REST: what a client imports, and nothing heavier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from vertex_dr.adapters.google.firestore.values import plain_of
from vertex_dr.kernel.errors import DamagedRecord
from vertex_dr.traffic.records import Selector

if TYPE_CHECKING:
    from vertex_dr.adapters.google.http import Rest

__all__ = ["SelectorOverRest", "selector_from"]


def selector_from(plain: dict[str, Any], *, source: str) -> Selector:
    """Return the selector that a document holds. Raises DamagedRecord, naming the field, when one is missing."""
    problem = ""
    missing = [name for name in Selector.__struct_fields__ if name not in plain]
    if missing:
        problem = f"Object missing required field `{'`, `'.join(missing)}`"
    else:
        try:
            return msgspec.convert(plain, Selector, strict=False)
        except msgspec.ValidationError as exc:
            problem = str(exc)
    raise DamagedRecord(
        f"read the selector from {source}",
        found=problem,
        then="put the field back as the newest document under its `changes` has it, or delete the selector: "
        "the next run of probe_region restores it from its copies",
    )


class SelectorOverRest:
    """Implements SelectorReader with one GET."""

    def __init__(  # noqa: PLR0913 - an address in its parts
        self, rest: Rest, *, address: str, project: str, database: str, service: str, timeout_seconds: float = 1.5
    ) -> None:
        self._rest = rest
        self._name = f"projects/{project}/databases/{database}/documents/selectors/{service}"
        self._url = f"{address}/v1/{self._name}"
        self._timeout = timeout_seconds

    def read(self) -> Selector:
        """Return the selector as it is now; the port says what is raised."""
        document = self._rest.get_json(
            self._url, tried=f"read the selector {self._name}", timeout_seconds=self._timeout
        )
        return selector_from(plain_of(document.get("fields", {})), source=self._name)

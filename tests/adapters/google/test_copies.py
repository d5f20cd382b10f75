"""A copy counts as written only when the bucket holds it: a refusal may mean that it does, or that nothing was kept."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests.replication.world import settings_of
from tests.traffic.samples import selector
from vertex_dr.adapters.google.copies import StorageCopies
from vertex_dr.kernel.errors import Refused
from vertex_dr.kernel.records import to_json
from vertex_dr.kernel.sides import Side

REFUSAL = Refused("write the copy", found="412 Precondition Failed", then="look at what exists")


class ScriptedHttp:
    """Refuses every write, and holds the copies that somebody else wrote."""

    def __init__(self, *epochs: int) -> None:
        self.held = {f"selectors/diagnosis/{epoch:020d}.json": to_json(selector(epoch=epoch)) for epoch in epochs}

    def send(self, method: str, url: str, **parts: Any) -> None:
        assert (method, parts["params"]["ifGenerationMatch"]) == ("POST", "0"), url
        raise REFUSAL

    def get_json(self, *_: Any, **__: Any) -> dict[str, Any]:
        return {"items": [{"name": name} for name in self.held]}

    def get(self, url: str, **_: Any) -> bytes:
        return self.held[url.rpartition("/")[2].replace("%2F", "/")]


def copies(http: ScriptedHttp) -> StorageCopies:
    clients: Any = SimpleNamespace(
        http=http, settings=settings_of(Side.DR), url=lambda _: "https://storage.googleapis.com"
    )
    return StorageCopies(clients)


@pytest.mark.parametrize("held", [2, 3])
def test_a_refusal_is_no_problem_when_another_controller_wrote_the_copy_first(held: int) -> None:
    copies(ScriptedHttp(held)).add(selector(epoch=2))


@pytest.mark.parametrize("held", [(), (1,)])
def test_any_other_refusal_is_told(held: tuple[int, ...]) -> None:
    with pytest.raises(Refused, match="write the copy"):
        copies(ScriptedHttp(*held)).add(selector(epoch=2))

"""Assets: the things worth recovering, and how each is told from all others on either side."""

from __future__ import annotations

from enum import StrEnum

from vertex_dr.kernel.errors import BadInput
from vertex_dr.kernel.records import Record
from vertex_dr.kernel.sides import Side

__all__ = ["AssetKind", "Origin"]


class AssetKind(StrEnum):
    """What kind of thing an asset is; reports count lag and loss a kind."""

    MODEL_VERSION = "model_version"
    IMAGE = "image"
    PIPELINE = "pipeline"
    DEPLOYMENT = "deployment"


class Origin(Record, frozen=True, kw_only=True):
    """Where a model version was registered first: it stays the same in every replica, whatever number that one got."""

    side: Side
    version: str

    @classmethod
    def parse(cls, text: str) -> Origin:
        """Return the origin that text such as `primary-2` spells; raises BadInput for any other form."""
        side, _, version = text.partition("-")
        if side not in {s.value for s in Side} or not version.isdigit():
            raise BadInput(
                f"read the origin {text!r} of a model version",
                found="it is not a side and a version number joined by a dash, such as primary-2",
                then="correct the version's label vertex-dr-origin",
            )
        return cls(side=Side(side), version=version)

    def __str__(self) -> str:
        return f"{self.side.value}-{self.version}"

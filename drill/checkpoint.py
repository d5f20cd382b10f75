"""What a later drill needs to go on from a provisioned or replicated cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from vertex_dr.kernel.errors import BadInput
from vertex_dr.kernel.records import Record, from_json, to_json

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["PROVISIONED", "REPLICATED", "Checkpoint", "Registered", "load", "store"]

# How many phases the drill had done that made the checkpoint.
PROVISIONED = 3
REPLICATED = 4
_FILE = "drill.json"


class Registered(Record, frozen=True, kw_only=True):
    """What the data scientist has registered so far: the image by digest, and name → version number a side."""

    image: str = ""
    pushed_at: float = 0.0
    published_at: float = 0.0
    versions: dict[str, str] = msgspec.field(default_factory=dict)


class Checkpoint(Record, frozen=True, kw_only=True):
    """A cloud after that many phases of a drill; its state directory keeps its ports, which Terraform's state names."""

    schema: int = 2
    phases: int
    registered: Registered
    outputs: dict[str, dict[str, Any]]


def store(made: Checkpoint, folder: Path) -> None:
    """Write the record into the folder, replacing an older one."""
    (folder / _FILE).write_bytes(to_json(made))


def load(folder: Path) -> Checkpoint:
    """Return the record that the folder holds; raises BadInput when it holds none."""
    file = folder / _FILE
    if not file.exists():
        raise BadInput(
            f"start the drill from {folder}",
            found=f"there is no {_FILE}",
            then=f"make one with vertex-dr drill --save-provisioned {folder}",
        )
    return from_json(Checkpoint, file.read_bytes(), source=str(file))

"""The faults that a drill can be told to make: each breaks one thing, and each must fail the drill by its name."""

from __future__ import annotations

from enum import StrEnum

from vertex_dr.kernel.errors import BadInput

__all__ = ["Sabotage"]


class Sabotage(StrEnum):
    """One thing broken on purpose."""

    MODEL_NOT_REPLICATED = "model-not-replicated"
    IMAGE_NOT_MIRRORED = "image-not-mirrored"
    ARTIFACT_CORRUPTED = "artifact-corrupted"
    GOLDEN_MISMATCH = "golden-mismatch"
    SELECTOR_UNREACHABLE = "selector-unreachable"
    FLIP_SUPPRESSED = "flip-suppressed"
    PLAN_NOT_EMPTY = "plan-not-empty"

    @classmethod
    def parse(cls, name: str) -> Sabotage:
        """Return the sabotage of that name; raises BadInput that lists the names when there is none."""
        for sabotage in cls:
            if sabotage.value == name:
                return sabotage
        raise BadInput(
            f"sabotage the drill with {name!r}",
            found="there is no sabotage of that name",
            then=f"give one of {', '.join(s.value for s in cls)}",
        )

"""Name what one side has and the other lacks, a line an asset."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vertex_dr.replication.records import Drift

__all__ = ["lacking"]


def lacking(drift: Drift) -> tuple[str, ...]:
    """Return one line for each asset that the target of the drift lacks or has otherwise."""
    target = drift.target
    return (
        *(f"model version {v.identity} is not on {target}" for v in drift.missing_versions),
        *(f"model version {s.source.identity} differs in {', '.join(s.differs)}" for s in drift.stale_versions),
        *(f"image {i.identity} is not on {target} with its tags" for i in drift.missing_images),
        *(f"pipeline {p.identity} is not on {target} with its tags" for p in drift.missing_pipelines),
    )

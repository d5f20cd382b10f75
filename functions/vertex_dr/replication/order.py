"""What one replication consists of, in the order in which it is done, and on which side."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vertex_dr.kernel.sides import Side

__all__ = ["IN_ORDER", "where"]

# Images and pipelines come before the models that need them; what is served is reconciled last.
IN_ORDER = ("export_models", "mirror_images", "publish_pipelines", "import_models", "reconcile_models")


def where(use_case: str, *, to: Side) -> Side:
    """Return the side on which the use case runs when a replication brings that side up to date."""
    return to.other if use_case == "export_models" else to

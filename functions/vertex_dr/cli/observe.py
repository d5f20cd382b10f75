"""`vertex-dr observe`: what a side holds now."""

from __future__ import annotations

import typer

from vertex_dr.cli.capabilities import OnSide, capabilities
from vertex_dr.cli.output import AsJson, print_json, print_table

__all__ = ["observe"]


def observe(context: typer.Context, side: OnSide = None, *, as_json: AsJson = False) -> None:
    """Show the side's inventory: model versions, images, pipelines, deployments."""
    about = capabilities(context, side)
    found = about.replication.observer(about.settings.side).observe()
    if as_json:
        print_json(found)
        return
    print_table(
        f"model versions of {found.side} ({found.region})", ("identity", "version", "aliases", "image"),
        [(v.identity, v.version, ", ".join(v.aliases), v.container.image) for v in found.model_versions],
    )  # fmt: skip
    print_table("images", ("name", "digest", "tags"), [(i.name, i.digest, ", ".join(i.tags)) for i in found.images])
    print_table("pipelines", ("package", "version", "tags"),
                [(p.package, p.version, ", ".join(p.tags)) for p in found.pipelines])  # fmt: skip
    print_table("deployments", ("endpoint", "model", "version", "traffic"),
                [(d.endpoint, d.model, d.version, f"{d.traffic} %") for d in found.deployments])  # fmt: skip

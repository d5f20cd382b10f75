"""Phase 7: Terraform works in the dark, and dr runs the pipelines from now on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drill.machines.terraform import changes_of
from drill.phases.provisioning import plan_is_empty
from drill.phases.registration import register
from vertex_dr.kernel.sides import Side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from drill.context import Drill
    from drill.evidence.records import Finding

__all__ = ["WorkInOutage"]


class WorkInOutage:
    """envs/dr and envs/global while primary is dark."""

    title = "Terraform works in the dark"

    def run(self, drill: Drill) -> Iterator[Finding]:
        """Plan and apply dr, switch the pipelines to it, let its schedule fire; register a version in dr."""
        dr = drill.terraform("dr")
        with drill.progress.step("terraform plan of global and dr, apply of dr"):
            yield from drill.together(lambda: plan_is_empty(drill, "global"), lambda: plan_is_empty(drill, "dr"))
            dr.apply()
        with drill.progress.step("terraform switches the pipelines to dr"):
            changes = changes_of(dr.plan(switched={"pipelines_run_on": "dr"}))
            dr.apply()
        yield drill.check(
            "pipelines-switched-by-terraform",
            holds=len(changes) == 1 and "pipeline_schedule" in changes[0],
            expected="terraform unpauses dr's pipeline schedule and changes nothing else",
            found="; ".join(changes) or "no change",
        )
        yield drill.job("run_pipelines", Side.DR)
        region = drill.settings[Side.DR].own.region
        runs = drill.user.pipeline_runs(region=region)
        yield drill.check(
            "pipeline-run-started-in-dr",
            holds=bool(runs),
            expected="dr's schedule has started a pipeline run in dr",
            found=", ".join(runs) or f"no run in {region}",
        )
        with drill.progress.step("register a version in dr during the outage"):
            register(drill, "fourth", Side.DR, aliases=("trained-in-dr",), is_default=False)

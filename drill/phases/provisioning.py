"""Phase 2: Terraform provisions both regions, and its plan is empty afterwards."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from drill.machines.terraform import changes_of
from drill.sabotage import Sabotage
from vertex_dr.kernel.errors import Unreachable
from vertex_dr.kernel.settings import Settings
from vertex_dr.kernel.sides import Side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from drill.context import Drill
    from drill.evidence.records import Finding

__all__ = ["Provisioning", "plan_is_empty"]

_ENVIRONMENTS = ("global", "primary", "dr")


class Provisioning:
    """envs/global, then both sides at once; state in the GCS backend."""

    title = "Terraform provisions them"

    def run(self, drill: Drill) -> Iterator[Finding]:
        """Apply what a fresh project lacks, then plan all three again."""
        if not drill.is_resumed:
            self._apply(drill)
        for side in Side:
            output = drill.outputs[side.value]["settings"]
            drill.settings[side] = Settings.from_environment({**drill.environment, **output})
        drill.capabilities(Side.PRIMARY).traffic.ensure_selector.run()
        if drill.sabotage is Sabotage.PLAN_NOT_EMPTY:
            own = drill.settings[Side.DR].own
            drill.user.rename_endpoint(region=own.region, endpoint=own.endpoint, display_name="renamed by hand")
        if not drill.is_resumed or drill.sabotage is Sabotage.PLAN_NOT_EMPTY:
            with drill.progress.step("terraform plan of global, primary and dr"):
                yield from drill.together(*(lambda name=name: plan_is_empty(drill, name) for name in _ENVIRONMENTS))

    def _apply(self, drill: Drill) -> None:
        script = drill.root / "scripts"
        with drill.progress.step("bundle, state buckets, terraform init"):
            shutil.copytree(
                drill.root / "terraform",
                drill.sources,
                ignore=shutil.ignore_patterns(".terraform", ".terraform.lock.hcl", "*.tfstate*"),
            )
            _run(drill, script / "package")
            _run(drill, script / "bootstrap", drill.environment["GOOGLE_CLOUD_PROJECT"])
            drill.together(*(lambda name=name: drill.terraform(name).init({}) for name in _ENVIRONMENTS))
        with drill.progress.step("terraform apply of global"):
            _apply(drill, "global")
        with drill.progress.step("terraform apply of primary and dr"):
            drill.together(lambda: _apply(drill, "primary"), lambda: _apply(drill, "dr"))


def plan_is_empty(drill: Drill, name: str) -> Finding:
    """Return the finding whether Terraform would change nothing in the environment now."""
    changes = changes_of(drill.terraform(name).plan())
    return drill.check(
        "terraform-plan-empty",
        holds=not changes,
        expected=f"the terraform plan of {name} is empty",
        found="; ".join(changes) or f"the terraform plan of {name} is empty",
    )


def _apply(drill: Drill, name: str) -> None:
    environment = drill.terraform(name)
    environment.plan()
    environment.apply(lambda address: drill.progress.now(f"{name}: {address}"))
    drill.outputs[name] = environment.outputs()


def _run(drill: Drill, *command: object) -> None:
    ended = drill.processes.run([str(part) for part in command], environment=drill.environment)
    if ended.returncode != 0:
        raise Unreachable(f"run {command[0]}", found=ended.stdout.strip()[-800:], then="mend what it says")

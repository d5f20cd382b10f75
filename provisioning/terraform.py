"""Terraform as an apply needs it: saved plans, applied as they are, and the state that they leave."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from vertex_dr.kernel.errors import BadInput, VertexDrError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Applied", "ApplyFailed", "Terraform"]

_CHANGES = 2  # what -detailed-exitcode ends with when there is something to do
_STALE = "Saved plan is stale"


class ApplyFailed(VertexDrError):
    """Terraform stopped halfway; what it had done is in the state."""


class Applied(StrEnum):
    """What came of applying a saved plan."""

    DONE = "done"
    STALE = "stale"  # nothing was done: the state has changed since the plan was made


@dataclass(frozen=True, kw_only=True)
class Terraform:
    """Runs terraform in the environments below a folder, with the plans of another."""

    environments: Path
    plans: Path
    parallelism: int

    def has_plan(self, environment: str) -> bool:
        """Whether a plan of the environment is saved."""
        return self.plan_file(environment).is_file()

    def plan_file(self, environment: str) -> Path:
        """Return where the environment's plan is saved."""
        return self.plans / f"{environment}.tfplan"

    def plan(self, environment: str) -> bool:
        """Save a new plan with the arguments of the one before, show it, and return whether it changes anything.

        Raises ApplyFailed when Terraform cannot plan. Repeating is safe.
        """
        kept = self._arguments_file(environment)
        arguments = shlex.split(kept.read_text()) if kept.is_file() else []
        self.plans.mkdir(parents=True, exist_ok=True)
        code, _ = self._run(
            environment, "plan", "-input=false", "-detailed-exitcode", f"-parallelism={self.parallelism}",
            f"-out={self.plan_file(environment).resolve()}", *arguments,
        )  # fmt: skip
        if code not in (0, _CHANGES):
            raise ApplyFailed(
                f"plan {environment} again",
                found="Terraform says what above",
                then=f"mend it; in a fresh checkout make plan-{environment} first",
            )
        return code == _CHANGES

    def apply(self, environment: str) -> Applied:
        """Apply exactly the saved plan, and forget it when it is done.

        Raises ApplyFailed when Terraform stops halfway; what it has done stays, and its plan is stale from then on.
        """
        code, said = self._run(
            environment, "apply", "-input=false", f"-parallelism={self.parallelism}",
            str(self.plan_file(environment).resolve()),
        )  # fmt: skip
        if code == 0:
            self.forget(environment)
            return Applied.DONE
        if _STALE in said:
            return Applied.STALE
        raise ApplyFailed(
            f"apply the plan of {environment} to its end",
            found="Terraform says what above",
            then="mend it and make apply again: it plans what is left and asks; a pipeline needs a new approval",
        )

    def forget(self, environment: str) -> None:
        """Remove the saved plan. Repeating is safe."""
        self.plan_file(environment).unlink(missing_ok=True)
        self._arguments_file(environment).unlink(missing_ok=True)

    def state(self, environment: str) -> dict[str, Any]:
        """Return what the environment's state holds, as `terraform show -json` prints it."""
        command = ["terraform", f"-chdir={self.environments / environment}", "show", "-json", "-no-color"]
        asked = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - a fixed command
        if asked.returncode:
            raise ApplyFailed(
                f"read the state of {environment}", found=asked.stderr.strip()[-300:], then="mend that and try again"
            )
        state: dict[str, Any] = json.loads(asked.stdout)
        return state

    def _arguments_file(self, environment: str) -> Path:
        return self.plans / f"{environment}.arguments"

    def _run(self, environment: str, *arguments: str) -> tuple[int, str]:
        """Run terraform in sight of whoever started us; return its exit code, and what it said as its errors."""
        command = ["terraform", f"-chdir={self.environments / environment}", *arguments]
        sys.stdout.flush()
        try:
            ended = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)  # noqa: S603 - a fixed command
        except FileNotFoundError:
            raise BadInput(
                f"run terraform in {environment}",
                found="it is not on PATH",
                then="install Terraform 1.9 or later: https://developer.hashicorp.com/terraform/install",
            ) from None
        sys.stderr.write(ended.stderr)
        return ended.returncode, ended.stderr

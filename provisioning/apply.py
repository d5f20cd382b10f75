"""What `make apply` does: exactly the saved plans in their order, and between global and the sides a wait for grants.

`python -m provisioning.apply global primary dr`. A plan that is missing or stale is made again and asked about where
somebody can answer; a pipeline, where nobody can, ends instead: what is applied there is what was approved.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from provisioning.grants.state import grants_in
from provisioning.grants.waiting import WaitForGrants, WaitPolicy
from provisioning.terraform import Applied, Terraform
from vertex_dr.kernel.errors import BadInput, Refused, VertexDrError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from provisioning.grants.records import Waited

__all__ = ["Apply", "Ask", "Environments", "main"]

_GLOBAL = "global"


class Environments(Protocol):
    """The environments' plans and states."""

    def has_plan(self, environment: str, /) -> bool:
        """Whether a plan of the environment is saved."""
        ...

    def plan_file(self, environment: str, /) -> Path:
        """Return where the environment's plan is saved."""
        ...

    def plan(self, environment: str, /) -> bool:
        """Save a new plan, show it, and return whether it changes anything. Repeating is safe."""
        ...

    def apply(self, environment: str, /) -> Applied:
        """Apply exactly the saved plan and forget it; STALE, with nothing done, when the state is another by now."""
        ...

    def forget(self, environment: str, /) -> None:
        """Remove the saved plan. Repeating is safe."""
        ...

    def state(self, environment: str, /) -> dict[str, Any]:
        """Return what the environment's state holds."""
        ...


class Ask(Protocol):
    """Asks whoever started the apply."""

    def __call__(self, question: str, /) -> str:
        """Return the answer."""
        ...


@dataclass(frozen=True, kw_only=True)
class Apply:
    """Applies environments; ask is None where nobody can answer, waiting is built where there is something to await."""

    environments: Environments
    waiting: Callable[[], WaitForGrants]
    ask: Ask | None
    tell: Callable[[str], None]

    def run(self, names: Sequence[str]) -> None:
        """Make each environment what its plan says, in this order; after global, go on only when its grants hold.

        Raises BadInput for a plan that is missing and Refused for one that is stale or turned down, Denied when the
        grants do not come to hold, ApplyFailed when Terraform stops halfway. Repeating goes on where it stopped.
        """
        if self.ask is None:
            for name in names:
                self._require_plan(name)
        for name in names:
            self._apply(name)
            if name == _GLOBAL:
                self._wait()

    def _require_plan(self, name: str) -> None:
        if not self.environments.has_plan(name):
            raise BadInput(
                f"apply {name}",
                found=f"found no {self.environments.plan_file(name)}",
                then=f"make plan-{name} saves it",
            )

    def _apply(self, name: str) -> None:
        if self.environments.has_plan(name):
            if self.environments.apply(name) is Applied.DONE:
                return
            why = "its state has changed since it was planned"
        else:
            why = "no plan of it is saved"
        if self.ask is None:
            raise Refused(
                f"apply the saved plan of {name}",
                found=why,
                then="plan again, and have the new plan approved: what was approved is not what would be done",
            )
        self.tell(f"{name}: {why}; planning again")
        if not self.environments.plan(name):
            self.environments.forget(name)
            self.tell(f"{name}: nothing to do")
            return
        if self.ask(f"Apply this plan of {name}? Only yes is taken for one: ").strip() != "yes":
            raise Refused(f"apply the new plan of {name}", found="it was turned down", then="make apply asks again")
        if self.environments.apply(name) is not Applied.DONE:
            raise Refused(
                f"apply the new plan of {name}",
                found="its state has changed again, while it was asked about",
                then="find out who applies at the same time, then make apply again",
            )

    def _wait(self) -> None:
        grants, untried = grants_in(self.environments.state(_GLOBAL))
        if grants:
            self.tell(f"waiting until {len(grants)} grants of global hold, as the identities that have them")
            waited: Waited = self.waiting().run(grants, self.tell)
            self.tell(f"{len(waited.held)} grants hold after {waited.seconds:.0f} s")
            untried = (*untried, *(f"{grant}: {because}" for grant, because in waited.untried))
        else:
            self.tell(
                "cannot wait for grants: deployers of terraform/envs/global names nobody who may act as identities"
            )
        for line in untried:
            self.tell(f"not tried: {line}")


def _tell(line: str) -> None:
    sys.stdout.write(f"apply: {line}\n")
    sys.stdout.flush()


def _google_wait(limit_seconds: float) -> WaitForGrants:
    import time  # noqa: PLC0415 - with the clients below, only an apply that waits needs it

    import google.auth  # noqa: PLC0415 - --help and a side alone need no credentials

    from provisioning.grants.google import GoogleTrials  # noqa: PLC0415 - it loads the clients
    from vertex_dr.kernel.clock import now  # noqa: PLC0415 - it goes with the wait

    credentials, _ = google.auth.default(scopes=["https://www.googleapis.com/auth/cloud-platform"])
    policy = WaitPolicy(limit_seconds=limit_seconds)
    return WaitForGrants(trials=GoogleTrials(credentials), clock=now, sleep=time.sleep, policy=policy)


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make apply", description="Apply the saved plans of environments.")
    parser.add_argument("environments", nargs="+", choices=[_GLOBAL, "primary", "dr"], metavar="ENVIRONMENT")
    parser.add_argument("--envs", type=Path, default=Path("terraform/envs"), help="where the environments are")
    parser.add_argument("--plans", type=Path, default=Path("build/plans"), help="where their plans are saved")
    parser.add_argument("--parallelism", type=int, default=30, help="how many resources at once")
    parser.add_argument("--wait-seconds", type=float, default=900.0, help="how long grants may take")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    """Apply, say what happens, and return the exit code."""
    found = _parsed(arguments)
    try:
        Apply(
            environments=Terraform(environments=found.envs, plans=found.plans, parallelism=found.parallelism),
            waiting=lambda: _google_wait(found.wait_seconds),
            ask=input if sys.stdin.isatty() else None,
            tell=_tell,
        ).run(found.environments)
    except VertexDrError as error:
        sys.stderr.write(f"apply: {error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

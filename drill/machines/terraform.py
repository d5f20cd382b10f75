"""Terraform's commands on one environment: typed plans from tofupy, progress from Terraform's own JSON stream."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import msgspec
from tofupy.schema import ApplyLog, Plan

from drill.evidence.records import TerraformResult
from vertex_dr.kernel.errors import Refused
from vertex_dr.kernel.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from drill.machines.processes import Processes

__all__ = ["Environment", "changes_of"]


class Environment:
    """One folder below terraform/envs, with a data directory of this drill's own."""

    def __init__(  # noqa: PLR0913 - a command line needs all of it
        self,
        name: str,
        folder: Path,
        *,
        data: Path,
        variables: Mapping[str, str],
        environment: Mapping[str, str],
        processes: Processes,
        results: list[TerraformResult],
    ) -> None:
        self.name = name
        self._folder = folder
        self._data = data
        self._variables = {f"TF_VAR_{key}": value for key, value in variables.items()}
        self._environment = dict(environment)
        self._processes = processes
        self._results = results

    def init(self, backend: Mapping[str, str]) -> None:
        """Make the data directory ready with that backend configuration; raises Refused when Terraform does not."""
        self._data.mkdir(parents=True, exist_ok=True)
        configuration = [f"-backend-config={key}={value}" for key, value in backend.items()]
        self._run("init", "-input=false", "-reconfigure", "-json", *configuration)

    def plan(self, *, switched: Mapping[str, str] | None = None) -> Plan:
        """Return the plan that Terraform makes now and keep it for `apply`; raises Refused when it cannot plan."""
        started = time.monotonic()
        arguments = [f"-var={key}={value}" for key, value in (switched or {}).items()]
        self._run("plan", "-input=false", "-json", f"-out={self._plan_file}", *arguments)
        shown, _ = self._run("show", "-json", str(self._plan_file))
        plan = Plan(shown[-1])
        count = {"create": 0, "update": 0, "delete": 0}
        for change in plan.resource_changes.values():
            for action in change.change.actions:
                if action in count:
                    count[action] += 1
        self._remember("plan", started, count["create"], count["update"], count["delete"])
        return plan

    def apply(self, on_progress: Callable[[str], None] | None = None) -> None:
        """Apply the kept plan; raises Refused, with Terraform's own errors, when anything of it fails."""
        started = time.monotonic()
        lines, _ = self._run(
            "apply", "-input=false", "-json", "-parallelism=30", str(self._plan_file), on_line=_telling(on_progress)
        )
        log = ApplyLog(lines)
        self._remember(
            "apply", started, getattr(log, "added", 0), getattr(log, "changed", 0), getattr(log, "removed", 0)
        )

    def outputs(self) -> dict[str, Any]:
        """Return the values of the environment's outputs."""
        lines, _ = self._run("output", "-json")
        return {name: output["value"] for name, output in lines[-1].items()}

    @property
    def _plan_file(self) -> Path:
        return self._data / "plan.tfplan"

    def _remember(self, command: str, started: float, added: int, changed: int, removed: int) -> None:
        self._results.append(
            TerraformResult(
                environment=self.name,
                command=command,
                seconds=round(time.monotonic() - started, 2),
                added=added,
                changed=changed,
                removed=removed,
                verdict=Verdict.PASS,
            )
        )

    def _run(
        self, command: str, *arguments: str, on_line: Callable[[dict[str, Any]], None] | None = None
    ) -> tuple[list[dict[str, Any]], str]:
        environment = {
            **self._environment,
            **self._variables,
            "TF_DATA_DIR": str(self._data.resolve()),
            "TF_IN_AUTOMATION": "1",
        }
        child = self._processes.start(
            ["terraform", f"-chdir={self._folder}", command, *arguments], environment=environment
        )
        assert child.stdout is not None  # noqa: S101 - asked for by start()
        whole: list[str] = []
        events: list[dict[str, Any]] = []
        for line in child.stdout:
            whole.append(line)
            event = _decoded(line)
            if event is not None:
                events.append(event)
                if on_line is not None:
                    on_line(event)
        code = self._processes.finish(child)
        text = "".join(whole)
        if code != 0:
            self._results.append(
                TerraformResult(
                    environment=self.name, command=command, seconds=0, added=0, changed=0, removed=0,
                    verdict=Verdict.FAIL,
                )
            )  # fmt: skip
            raise Refused(
                f"run terraform {command} on {self.name}",
                found=_errors(events) or text.strip()[-1500:],
                then="mend what Terraform says and start the drill again",
            )
        if not events:
            events = [msgspec.json.decode(text)]
        return events, text


def changes_of(plan: Plan) -> list[str]:
    """Return what the plan would change, one line a resource or output; an empty plan has none."""
    resources = [
        f"{address}: {' and '.join(change.change.actions)}"
        for address, change in plan.resource_changes.items()
        if change.change.actions not in (["no-op"], ["read"])
    ]
    outputs = [
        f"output {name}: {' and '.join(change.actions)}"
        for name, change in plan.output_changes.items()
        if change.actions != ["no-op"]
    ]
    return resources + outputs


def _decoded(line: str) -> dict[str, Any] | None:
    try:
        found = msgspec.json.decode(line)
    except msgspec.DecodeError:
        return None
    return found if isinstance(found, dict) else None


def _errors(events: list[dict[str, Any]]) -> str:
    found = [event["diagnostic"] for event in events if event.get("type") == "diagnostic"]
    return "; ".join(f"{d['summary']}: {d.get('detail', '')}".strip(": ") for d in found if d["severity"] == "error")


def _telling(on_progress: Callable[[str], None] | None) -> Callable[[dict[str, Any]], None]:
    def tell(event: dict[str, Any]) -> None:
        if on_progress is not None and event.get("type") == "apply_complete":
            on_progress(str(event["hook"]["resource"]["addr"]))

    return tell

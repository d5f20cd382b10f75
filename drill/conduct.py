"""One whole drill: phase after phase until the end or the first that fails, then evidence, and nothing left running."""

from __future__ import annotations

import shutil
import signal
import time
from typing import TYPE_CHECKING

from drill.checkpoint import PROVISIONED, REPLICATED, Checkpoint, store
from drill.evidence import report as evidence
from drill.evidence.assemble import assemble
from drill.evidence.findings import unseen
from drill.evidence.records import Terraform
from drill.machines.versions import versions
from drill.phases.order import PHASES
from vertex_dr.kernel.errors import VertexDrError
from vertex_dr.kernel.settings import PolicySettings
from vertex_dr.kernel.sides import Side
from vertex_dr.kernel.verdict import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from drill.context import Drill
    from drill.evidence.records import Finding, Report
    from drill.phases.order import Phase

__all__ = ["conduct", "provision"]


def conduct(drill: Drill) -> Report:
    """Run the drill, write its evidence into its folder, and return the report.

    Raises what kept the first phase from running at all. Whatever happens, no process is left.
    """
    try:
        with drill.progress.telling():
            for number, phase in enumerate(PHASES, 1):
                _run(drill, phase, is_first=number == 1)
                if drill.logbook.has_failed:
                    _skip(drill, PHASES[number:])
                    break
            report = _report(drill)
    finally:
        _end(drill)
    return report


def provision(drill: Drill, into: Path) -> None:
    """Provision, or replicate from a provisioned checkpoint, and save; raises VertexDrError when a phase fails."""
    phases = REPLICATED if drill.is_resumed else PROVISIONED
    try:
        with drill.progress.telling():
            for phase in PHASES[:phases]:
                _run(drill, phase, is_first=True)
            failed = [f for f in drill.logbook.findings if f.verdict is not Verdict.PASS]
            if failed:
                raise VertexDrError(
                    "save a checkpoint",
                    found="; ".join(f"{f.check}: {f.found}" for f in failed),
                    then="mend what the checks found",
                )
            drill.cloud.down()
            store(
                Checkpoint(
                    phases=phases,
                    registered=drill.registered,
                    outputs=drill.outputs,
                ),
                into,
            )
    finally:
        _end(drill)


def _run(drill: Drill, phase: Phase, *, is_first: bool) -> None:
    drill.phase = phase.title
    with drill.progress.phase(phase.title):
        try:
            for finding in phase.run(drill):
                drill.logbook.findings.append(finding)
                if finding.verdict is not Verdict.PASS:
                    drill.progress.say(f"{finding.verdict} {finding.check}: {finding.found}", loudly=True)
        except VertexDrError as exc:
            if is_first:
                raise
            drill.logbook.findings.append(_broken(phase, str(exc)))
            drill.progress.say(str(exc), loudly=True)
        except Exception as exc:  # whatever breaks a phase is a finding, and the evidence is still written
            if is_first:
                raise
            drill.logbook.findings.append(_broken(phase, f"{type(exc).__name__}: {exc}"))
            drill.progress.failure(exc)


def _broken(phase: Phase, problem: str) -> Finding:
    return unseen("phase-completes", verdict=Verdict.ERROR, expected=f"{phase.title}: to its end", found=problem,
                  phase=phase.title)  # fmt: skip


def _skip(drill: Drill, phases: tuple[Phase, ...]) -> None:
    """Record each phase that was not reached as inconclusive."""
    for phase in phases:
        drill.logbook.findings.append(
            unseen(
                "phase-completes",
                verdict=Verdict.INCONCLUSIVE,
                expected=f"{phase.title}: to its end",
                found="not run: an earlier phase failed",
                phase=phase.title,
            )
        )


def _report(drill: Drill) -> Report:
    if drill.load is not None:
        drill.logbook.samples = drill.load.stop()
        drill.logbook.arrivals = drill.cloud.predictions()
    settings = drill.settings.get(Side.PRIMARY)
    regions = {side: found.own.region for side, found in drill.settings.items()}
    origin = drill.progress.started_at
    for span in drill.progress.spans:
        if span.kind == "phase":
            drill.logbook.figures[f"phase: {span.name}, s"] = round(span.ended_at - span.started_at, 1)
    report = assemble(
        drill.logbook,
        policy=settings.policy if settings else PolicySettings(),
        regions=regions,
        started_at=origin,
        ended_at=time.time(),
        spans=drill.progress.spans,
        terraform=Terraform(
            version=drill.provider.terraform,
            provider=drill.provider.name,
            provider_version=drill.provider.version,
            stand_in=drill.provider.is_stand_in,
            results=tuple(drill.logbook.terraform),
        ),
        environment=versions(drill.processes, provider=drill.provider, image=drill.registered.image),
        sabotage=drill.sabotage.value if drill.sabotage else None,
        wanted_predictions=drill.wanted_predictions,
        preflight=drill.preflight,
    )
    title = " and ".join(f"{region} ({side})" for side, region in regions.items())
    evidence.write(report, drill.logbook.samples, folder=drill.folder, origin=origin, regions=title)
    return report


def _end(drill: Drill) -> None:
    """End what the drill started; whoever is impatient must not keep it from that, so interrupts wait."""
    handlers = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        if drill.probing is not None:
            drill.probing.stop()
        drill.processes.stop_all()
        drill.workers.shutdown(wait=False, cancel_futures=True)
        if (drill.folder / "localcloud").exists() and not drill.is_kept:
            shutil.rmtree(drill.folder / "localcloud", ignore_errors=True)
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)

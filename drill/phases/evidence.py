"""Phase 9: the clients end, and what was promised is held against what was measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drill.checks.import_cost import import_ratio
from drill.machines.load import CLIENTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from drill.context import Drill
    from drill.evidence.records import Finding

__all__ = ["Evidence"]


class Evidence:
    """The clients' last counts; `conduct` writes the report after the last phase, and also after one that failed."""

    title = "evidence"

    def run(self, drill: Drill) -> Iterator[Finding]:
        """Wait for the wanted number of predictions, end the clients, count what reached the endpoints."""
        with drill.progress.step("clients end"):
            drill.clients.wait(lambda seen: len(seen) >= drill.wanted_predictions, timeout_seconds=60)
            samples = drill.clients.stop()
            if drill.probing is not None:
                drill.probing.stop()
        with drill.progress.step("what deciding and flipping costs to import"):
            ratio = import_ratio(drill.processes, drill.operator_environment)
        drill.logbook.figures["import of what flips, times that of google.cloud.firestore"] = ratio
        clients = {sample.client for sample in samples}
        yield drill.check(
            "enough-predictions",
            holds=len(samples) >= drill.wanted_predictions and len(clients) >= CLIENTS,
            expected=f"{drill.wanted_predictions} predictions by {CLIENTS} clients",
            found=f"{len(samples)} predictions by {len(clients)} clients",
        )
        wrong = [s for s in samples if s.error is None and not s.golden]
        failed = [s for s in samples if s.error is not None]
        yield drill.check(
            "no-prediction-failed-or-wrong",
            holds=not wrong and not failed,
            expected="every prediction was answered, with its golden value",
            found=f"{len(failed)} failed, {len(wrong)} wrong" + (f"; {failed[0].error}" if failed else ""),
        )

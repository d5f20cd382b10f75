"""Phase 8: the region returns; what dr got meanwhile comes back before clients do."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from drill.checks.flips import accepted_flips
from drill.checks.golden import SERVED, golden_of
from drill.checks.holdings import holdings
from drill.evidence.samples import first_golden_at
from vertex_dr.kernel.assets import AssetKind
from vertex_dr.kernel.errors import Refused, VertexDrError
from vertex_dr.kernel.sides import Side

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

    from drill.context import Drill
    from drill.evidence.records import Finding

__all__ = ["FailBack"]

_SERVING_WAIT_SECONDS = 60.0
_POLL_SECONDS = 0.3


class FailBack:
    """A fail-back by the operator's own command, refused while dr is ahead."""

    title = "the region returns"

    def run(self, drill: Drill) -> Iterator[Finding]:
        """Heal, refuse the stale schedule, replicate back, fail back, watch the clients follow."""
        book = drill.logbook
        region = drill.settings[Side.PRIMARY].own.region
        book.healed_at = drill.cloud.heal(region)
        drill.progress.say(f"{region} is back", loudly=True)
        yield from drill.together(
            lambda: drill.job("run_pipelines", Side.PRIMARY, expects_refusal=True),
            lambda: drill.job("export_models", Side.DR),
        )
        with drill.progress.step("primary serves again"):
            _wait_until_served(drill)
        with drill.progress.step("vertex-dr fail-back, too early"):
            ended = _fail_back(drill)
        yield drill.check(
            "fail-back-refused-while-dr-is-ahead",
            holds=ended.returncode == Refused.exit_code and "dr is ahead" in ended.stdout,
            expected=f"vertex-dr fail-back exits {Refused.exit_code} and names what dr has and primary lacks",
            found=f"exit code {ended.returncode}: {ended.stdout.strip()[-400:]}",
        )
        yield from drill.together(
            lambda: drill.job("mirror_images", Side.PRIMARY),
            lambda: drill.job("publish_pipelines", Side.PRIMARY),
        )
        yield drill.job("import_models", Side.PRIMARY)
        yield drill.job("verify_replicas", Side.PRIMARY)
        yield from self._found_again(drill)
        with drill.progress.step("vertex-dr fail-back"):
            ended = _fail_back(drill)
        yield drill.check(
            "fail-back-succeeds",
            holds=ended.returncode == 0,
            expected="vertex-dr fail-back exits 0",
            found=f"exit code {ended.returncode}: {ended.stdout.strip()[-400:]}",
        )
        if ended.returncode == 0:
            yield from self._followed(drill)

    def _found_again(self, drill: Drill) -> Iterator[Finding]:
        with drill.progress.step("look for what was lost, and for what dr registered"):
            inventory = drill.inventory(Side.PRIMARY)
        drill.logbook.found_again = {kind: set(held) for kind, held in holdings(drill, inventory).items()}
        lost = sorted(
            set(drill.logbook.held[AssetKind.MODEL_VERSION]) - drill.logbook.survived[AssetKind.MODEL_VERSION]
        )
        again = [identity for identity in lost if identity in drill.logbook.found_again[AssetKind.MODEL_VERSION]]
        yield drill.check(
            "lost-version-found-again",
            holds=bool(lost) and again == lost,
            expected="the version registered after the last replication was lost at the outage and is found again",
            found=f"lost: {', '.join(lost) or 'none'}; found again: {', '.join(again) or 'none'}",
        )
        origin = f"{Side.DR}-{drill.registered.versions['fourth']}"
        back = [v.identity for v in inventory.model_versions if str(v.origin) == origin]
        yield drill.check(
            "outage-work-replicated-back",
            holds=bool(back),
            expected="primary has the version that dr registered during the outage",
            found=", ".join(back) or f"primary has no version of origin {origin}",
        )

    def _followed(self, drill: Drill) -> Iterator[Finding]:
        with drill.progress.step("clients follow"):
            drill.logbook.flips = accepted_flips(drill, Side.PRIMARY)
            back_at = drill.logbook.flips[-1].selector.changed_at.timestamp()
            drill.clients.wait(
                lambda seen: first_golden_at(seen, side=Side.PRIMARY, after=back_at) is not None, timeout_seconds=15
            )
        drill.progress.span("flip back to primary", "moment", back_at, back_at)
        selector = drill.ports(Side.PRIMARY).selector.read()
        at = first_golden_at(drill.clients.samples(), side=Side.PRIMARY, after=back_at)
        yield drill.check(
            "clients-follow-back",
            holds=selector.active is Side.PRIMARY and at is not None,
            expected="primary is active and a client's first try gets a golden answer from it",
            found=f"{selector.active} is active at epoch {selector.epoch}, "
            + ("no such answer" if at is None else f"answered {at - back_at:.2f} s after the flip"),
        )


def _wait_until_served(drill: Drill) -> None:
    """Return once primary's endpoint answers: its model server starts with the region."""
    own = drill.settings[Side.PRIMARY].own
    instances = golden_of(drill, SERVED).instances
    give_up = time.monotonic() + _SERVING_WAIT_SECONDS
    while True:
        try:
            drill.user.predict(instances, region=own.region, endpoint=own.endpoint)
        except VertexDrError:
            if time.monotonic() > give_up:
                raise
            time.sleep(_POLL_SECONDS)
        else:
            return


def _fail_back(drill: Drill) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).with_name("vertex-dr")
    return drill.processes.run(
        [command, "fail-back", "--reason", "the drill's region is back"],
        environment=drill.operator_environment,
    )

"""Waiting until every grant holds: what follows a grant is refused until Google has carried it everywhere.

Google: a change is usually seen in two minutes, and can take seven or longer
(https://cloud.google.com/iam/docs/access-change-propagation).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from provisioning.grants.records import Finding, Grant, Waited
from vertex_dr.kernel.errors import Denied
from vertex_dr.kernel.records import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from vertex_dr.kernel.clock import Clock, Sleep

__all__ = ["Trials", "WaitForGrants", "WaitPolicy"]

_NAMED = 5


class Trials(Protocol):
    """Tries grants as the identities that have them."""

    def try_all(self, grants: Sequence[Grant], /) -> Sequence[Finding]:
        """Return what each identity finds, in the order of the grants. Nothing is changed, and repeating is safe.

        Raises Unreachable for an answer that trying again does not change.
        """
        ...


class WaitPolicy(Record, frozen=True, kw_only=True):
    """How long, how often, and how often in a row a grant must hold: replicas of a policy do not change together."""

    limit_seconds: float = 900.0
    first_pause_seconds: float = 2.0
    longest_pause_seconds: float = 20.0
    in_a_row: int = 2


@dataclass(frozen=True, kw_only=True)
class WaitForGrants:
    """Waits until each identity has found, several times in a row, that it may what it is granted."""

    trials: Trials
    clock: Clock
    sleep: Sleep
    policy: WaitPolicy = field(default_factory=WaitPolicy)

    def run(self, grants: Iterable[Grant], tell: Callable[[str], None] = lambda _line: None) -> Waited:
        """Return once every grant that can be tried holds; tell gets a line a round while some do not.

        Raises Denied, with the grants that do not hold and what their identities were told, when the limit has
        passed. Repeating is safe.
        """
        started, pause = self.clock(), self.policy.first_pause_seconds
        streaks = dict.fromkeys(grants, 0)
        held: list[Grant] = []
        untried: list[tuple[Grant, str]] = []
        while streaks:
            refused: dict[Grant, str] = {}
            for grant, finding in zip(tuple(streaks), self.trials.try_all(tuple(streaks)), strict=True):
                if finding.holds is None:
                    untried.append((grant, finding.because))
                    del streaks[grant]
                elif not finding.holds:
                    streaks[grant] = 0
                    refused[grant] = finding.because
                else:
                    streaks[grant] += 1
                    if streaks[grant] >= self.policy.in_a_row:
                        held.append(grant)
                        del streaks[grant]
            if not streaks:
                break
            waited = (self.clock() - started).total_seconds()
            if waited + pause > self.policy.limit_seconds:
                raise _too_late(refused or dict.fromkeys(streaks, "it held once, and was not seen again"), waited)
            if refused:
                tell(f"{waited:.0f} s: {len(refused)} grants do not hold yet, such as {_first(refused)}")
            self.sleep(pause)
            pause = min(2 * pause, self.policy.longest_pause_seconds)
        seconds = (self.clock() - started).total_seconds()
        return Waited(seconds=seconds, held=tuple(sorted(held)), untried=tuple(sorted(untried)))


def _first(refused: dict[Grant, str]) -> str:
    grant = min(refused)
    return f"{grant} ({refused[grant]})"


def _too_late(refused: dict[Grant, str], waited: float) -> Denied:
    named = "; ".join(f"{grant} ({refused[grant]})" for grant in sorted(refused)[:_NAMED])
    more = f"; and {len(refused) - _NAMED} more" if len(refused) > _NAMED else ""
    return Denied(
        "go on to the sides",
        found=f"{len(refused)} grants of terraform/envs/global do not hold after {waited:.0f} s: {named}{more}",
        then="look whether an organisation's policy denies them, and whether deployers of terraform/envs/global names"
        " you; then make apply again, which goes on here",
    )

"""What a proof says of a side that might have to take over: whether it would serve, and what it lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vertex_dr.kernel.verdict import Verdict, worst

if TYPE_CHECKING:
    from vertex_dr.replication.journal import Proof

__all__ = ["fitness", "shortcomings"]

# What decides whether the side would serve, and serve right. The other checks say how far behind it is.
_SERVES = frozenset({"artifact-intact", "deployment-matches", "manifest-readable", "source-observed"})


def fitness(proof: Proof) -> Verdict:
    """Return the worst verdict of the checks that decide whether the side would serve, and serve right."""
    return worst(f.verdict for f in proof.findings if f.check in _SERVES)


def shortcomings(proof: Proof) -> tuple[str, ...]:
    """Return a sentence for each finding that is not PASS, being behind included."""
    return tuple(
        f"{f.check} {f.verdict.value}: {f.subject}: {f.found}" for f in proof.findings if f.verdict is not Verdict.PASS
    )

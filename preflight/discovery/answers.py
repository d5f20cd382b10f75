"""What an observation with scratch resources means: pure, so that each answer of Google's has its case in a test."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from preflight.records import Written
from vertex_dr.kernel.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

__all__ = ["Answer", "create_only", "destroyed", "digests", "export_layout", "pushed", "upload_labels"]

_CREATED, _ACCEPTED = 201, 202


class Answer(NamedTuple):
    """What was found out, whether vertex-dr can live with it, and what to do where it cannot."""

    verdict: Verdict
    text: str
    remedy: str = ""


def create_only(outcome: Written) -> Answer:
    """What a create-only writer got that met an existing name: 412 and 403 both keep the object as it is."""
    if outcome is Written.CREATED:
        remedy = "stop: write-once objects could be replaced; look at the bucket's policy"
        return Answer(Verdict.FAIL, "the object was replaced", remedy)
    return Answer(Verdict.PASS, f"{outcome}: the precondition or the missing permission comes first, the object stands")


def upload_labels(
    first: Mapping[str, str], second: Mapping[str, str], views: Mapping[str, Mapping[str, str]]
) -> Answer:
    """Where the labels of two uploads land, by what the model, version 1 and version 2 show."""
    shown = "; ".join(
        f"{view} shows {' and '.join(_uploads(labels, first, second)) or 'neither'}" for view, labels in views.items()
    )
    if not second.items() <= views["version 2"].items():
        remedy = "origin marks do not survive an upload: do not replicate before this is known"
        return Answer(Verdict.FAIL, shown, remedy)
    return Answer(Verdict.PASS, shown)


def _uploads(labels: Mapping[str, str], *uploads: Mapping[str, str]) -> list[str]:
    return [
        f"the {('first', 'second')[at]} upload's"
        for at, upload in enumerate(uploads)
        if upload.items() <= labels.items()
    ]


def export_layout(told: str, asked: str, found: Collection[str], wanted: Collection[str]) -> Answer:
    """Whether the files of a version lie where the operation says, under their own names."""
    below = told.removeprefix(asked).strip("/") or "no folder of its own"
    missing = [name for name in wanted if name not in found]
    extra = [name for name in found if name not in wanted]
    text = f"below {below}: {', '.join(sorted(found)) or 'nothing'}"
    if missing or not told.startswith(asked):
        remedy = "export_models would not find the artifact: compare with replication/artifacts.py"
        return Answer(Verdict.FAIL, text, remedy)
    return Answer(Verdict.PASS, text + (f", {len(extra)} more than was uploaded" if extra else ""))


def pushed(in_two: int, at_once: int) -> Answer:
    """Whether a blob goes up with a bearer token in a POST and one PUT, which is what mirror_images does."""
    single = {_CREATED: "one POST does too", _ACCEPTED: "one POST starts an upload only"}.get(
        at_once, f"one POST is answered {at_once}"
    )
    if in_two != _CREATED:
        return Answer(Verdict.FAIL, f"a POST and one PUT are answered {in_two}; {single}", "mirror with skopeo instead")
    return Answer(Verdict.PASS, f"a POST and one PUT store it; {single}")


def digests(versions: Mapping[str, str]) -> Answer:
    """Whether the same spec is the same version in both regions."""
    text = "; ".join(f"{region}: {version}" for region, version in versions.items())
    if len(set(versions.values())) == 1:
        return Answer(Verdict.PASS, f"equal, {next(iter(versions.values()))}")
    return Answer(Verdict.FAIL, text, "pipeline specs cannot be compared by version between the regions")


def destroyed(*, is_refused: bool) -> Answer:
    """What terraform destroy meets while a model is deployed; both are lived with, by runbooks that know which."""
    if is_refused:
        return Answer(Verdict.PASS, "refused: terraform destroy fails until the model is undeployed")
    return Answer(Verdict.PASS, "accepted: terraform destroy takes a serving model with it")

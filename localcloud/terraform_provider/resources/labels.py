"""The three label maps: what the user wrote, what Terraform manages, what the server has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from localcloud.terraform_provider.values import UNKNOWN, Values, has_unknown

if TYPE_CHECKING:
    from localcloud.terraform_provider.configuration import Configuration

ATTRIBUTION = "goog-terraform-provisioned"


def plan_labels(prior: Values | None, planned: Values, configuration: Configuration) -> None:
    """Plan terraform_labels and effective_labels (and effective_annotations) from what the user wrote.

    Labels that others have set on the resource stay in effective_labels, so that they are never removed.
    """
    if "effective_labels" in planned:
        written = planned.get("labels")
        if has_unknown(written):
            planned["terraform_labels"] = planned["effective_labels"] = UNKNOWN
        else:
            managed = _attribution(prior, configuration) | configuration.default_labels | (written or {})
            planned["terraform_labels"] = managed
            planned["effective_labels"] = _foreign(prior, "effective_labels", "terraform_labels") | managed
    if "effective_annotations" in planned:
        annotations = planned.get("annotations")
        if has_unknown(annotations) or (annotations is None and prior is None):
            planned["effective_annotations"] = UNKNOWN
        else:
            planned["effective_annotations"] = _foreign(prior, "effective_annotations", "annotations") | (
                annotations or {}
            )


def _attribution(prior: Values | None, configuration: Configuration) -> dict[str, str]:
    if not configuration.attribution_label:
        return {}
    wanted = (
        prior is None or configuration.attribution_on_update or ATTRIBUTION in (prior.get("effective_labels") or {})
    )
    return {ATTRIBUTION: "true"} if wanted else {}


def _foreign(prior: Values | None, effective: str, managed: str) -> dict[str, str]:
    if prior is None:
        return {}
    ours = prior.get(managed) or {}
    return {key: value for key, value in (prior.get(effective) or {}).items() if key not in ours}


def read_labels(prior: Values, state: Values, found: dict[str, str], annotations: dict[str, str]) -> None:
    """Set the label and annotation maps of a state from what the server has.

    Only keys that were managed before count as managed.
    """
    if "effective_labels" in state:
        state["effective_labels"] = found
        for name in ("labels", "terraform_labels"):
            before = prior.get(name)
            state[name] = None if before is None else {key: found[key] for key in before if key in found}
        if state["terraform_labels"] is None:
            state["terraform_labels"] = {}
    if "effective_annotations" in state:
        before = prior.get("annotations")
        state["effective_annotations"] = annotations
        state["annotations"] = (
            None if before is None else {key: annotations[key] for key in before if key in annotations}
        )

"""What a resource will be: planned from its prior state and its configuration, by the rules of its schema.

Pure: no request is made here. What a type adds to these rules is done by its kind, beside this file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from localcloud.terraform_provider.equality import same
from localcloud.terraform_provider.values import UNKNOWN, Values, has_unknown, is_zero

if TYPE_CHECKING:
    from localcloud.terraform_provider.configuration import Configuration
    from localcloud.terraform_provider.schemas.blocks import Attribute, Block, Nested

_ATTRIBUTION = "goog-terraform-provisioned"


def plan_block(block: Block, prior: Values | None, config: Values) -> Values:
    """Return the values planned for a block; prior is None for a block that does not exist yet.

    What the configuration says is planned, as is a default. What the server decides is unknown for a new block and
    stays as it is otherwise. Where state and configuration mean the same, the state's form is kept.
    """
    planned: Values = {}
    for name, attribute in block.attributes.items():
        planned[name] = _plan_attribute(attribute, prior, config.get(name))
    for name, nested in block.nested.items():
        planned[name] = _plan_nested(nested, prior, config.get(name))
    return planned


def _plan_attribute(attribute: Attribute, prior: Values | None, config: Any) -> Any:
    before = prior.get(attribute.name) if prior else None
    if attribute.write_only:
        return None
    if config is None and attribute.default is not None:
        if same(attribute.equal, before or "", attribute.default):
            return before  # what is not set means the default anyway
        config = attribute.default
    if config is None:
        if attribute.computed:
            return UNKNOWN if prior is None else before
        return before if is_zero(before) else None
    if isinstance(before, dict) and isinstance(config, dict) and attribute.server_key in before.keys() - config.keys():
        config = {**config, attribute.server_key: before[attribute.server_key]}
    return before if before is not None and _means_the_same(attribute, before, config) else config


def _means_the_same(attribute: Attribute, before: Any, config: Any) -> bool:
    if is_zero(before) and is_zero(config):
        return True
    return same(attribute.equal, before, config) or _same_set(attribute, before, config)


def _same_set(attribute: Attribute, before: Any, config: Any) -> bool:
    if not (isinstance(attribute.type, list) and attribute.type[0] == "set"):
        return False
    if not (isinstance(before, list) and isinstance(config, list)) or UNKNOWN in config:
        return False
    return sorted(map(str, before)) == sorted(map(str, config))


def _plan_nested(nested: Nested, prior: Values | None, config: Any) -> Any:
    before = prior.get(nested.name) if prior else None
    if config is UNKNOWN or nested.nesting == "single":
        return config
    if not config:
        if nested.computed:
            return UNKNOWN if prior is None else before
        return []
    earlier = before if isinstance(before, list) else []
    if nested.nesting == "list":
        return [
            plan_block(nested.block, earlier[index] if index < len(earlier) else None, element)
            for index, element in enumerate(config)
        ]
    return _plan_set(nested.block, list(earlier), config)


def _plan_set(block: Block, earlier: list[Values], config: list[Any]) -> list[Any]:
    """Return the elements planned for a set: those that mean the same as one before keep its form."""
    planned: list[Any] = []
    for element in config:
        if element is UNKNOWN:
            planned.append(element)
            continue
        match = next((before for before in earlier if plan_block(block, before, element) == before), None)
        if match is None:
            planned.append(plan_block(block, None, element))
        else:
            earlier.remove(match)
            planned.append(match)
    return planned


def replacements(block: Block, prior: Values, planned: Values) -> list[list[str | int]]:
    """Return the paths whose change the API cannot make in place, so that the resource must be replaced."""
    found: list[list[str | int]] = []
    for name, attribute in block.attributes.items():
        if attribute.force_new and _differs(prior.get(name), planned.get(name)):
            found.append([name])
    for name, nested in block.nested.items():
        before, after = prior.get(name) or [], planned.get(name)
        if after is UNKNOWN:
            found += [[name]] if nested.force_new else []
            continue
        after = after or []
        if not isinstance(before, list) or not isinstance(after, list):
            continue
        if nested.force_new and len(before) != len(after):
            found.append([name])
        if nested.nesting == "set":
            continue  # its elements have no index; none of the table's sets holds what cannot change
        for index, (old, new) in enumerate(zip(before, after, strict=False)):
            if new is not UNKNOWN:
                found += [[name, index, *rest] for rest in replacements(nested.block, old, new)]
    return found


def _differs(before: Any, after: Any) -> bool:
    return bool(before != after) and not (is_zero(before) and is_zero(after))


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
        prior is None or configuration.attribution_on_update or _ATTRIBUTION in (prior.get("effective_labels") or {})
    )
    return {_ATTRIBUTION: "true"} if wanted else {}


def _foreign(prior: Values | None, effective: str, managed: str) -> dict[str, str]:
    if prior is None:
        return {}
    ours = prior.get(managed) or {}
    return {key: value for key, value in (prior.get(effective) or {}).items() if key not in ours}

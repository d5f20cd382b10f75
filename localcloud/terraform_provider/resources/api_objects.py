"""Between Terraform's values and the API's objects, both ways.

In a request's body zeros are left out, as the real provider leaves them out. The state says what the server has, so
that drift is seen.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from localcloud.terraform_provider.equality import same, seconds
from localcloud.terraform_provider.schemas.names import camel
from localcloud.terraform_provider.values import UNKNOWN, Values, is_known, is_zero

if TYPE_CHECKING:
    from localcloud.terraform_provider.schemas.blocks import Attribute, Block, Field, Nested
    from localcloud.terraform_provider.schemas.resource_types import ResourceType


def body_of(resource: ResourceType, block: Block, values: Values, prefix: str = "") -> dict[str, Any]:
    """Return what the values say, as the API's object. At the top level only what a user may set is said."""
    body: dict[str, Any] = {}
    always = resource.always_sent.split()
    for name, attribute in block.attributes.items():
        value = values.get(name)
        settable = attribute.optional or attribute.required
        if attribute.field is None or not is_known(value) or (not prefix and not settable):
            continue
        if is_zero(value) and prefix + name not in always:
            continue
        _put(body, attribute.field, _outgoing(resource, attribute, value))
    for name, nested in block.nested.items():
        value = values.get(name)
        if nested.field is None or not is_known(value) or not value:
            continue
        _put(body, nested.field, _nested_body(resource, nested, value, prefix))
    if not prefix:
        for effective, field in (("effective_labels", "labels"), ("effective_annotations", "annotations")):
            if effective in values:
                body.pop(field, None)
                if is_known(values[effective]) and values[effective]:
                    body[field] = values[effective]
    return body


def _nested_body(resource: ResourceType, nested: Nested, value: Any, prefix: str) -> Any:
    elements = value if isinstance(value, list) else [value]
    path = prefix + nested.name
    objects = [body_of(resource, nested.block, element or {}, f"{path}.") for element in elements]
    if key := resource.keyed.get(path):
        return {
            element[key]: {name: part for name, part in made.items() if name != key}
            for element, made in zip(elements, objects, strict=True)
        }
    return objects if nested.field and nested.field.listed else objects[0]


def _outgoing(resource: ResourceType, attribute: Attribute, value: Any) -> Any:
    form = attribute.field.form if attribute.field else ""
    if form == "json":
        return json.loads(value)
    if attribute.equal == "duration":
        length = seconds(value)
        return value if length is None else f"{length}s"  # the API knows no days
    # Google's own client, which speaks to storage, writes int64 as text; the generated resources write plain numbers.
    return str(value) if form == "int64" and resource.endpoint == "storage" else value


def _put(body: dict[str, Any], field: Field, value: Any) -> None:
    *parents, last = field.path
    for parent in parents:
        body = body.setdefault(parent, {})
    body[last] = value


def state_of(resource: ResourceType, block: Block, prior: Values, found: dict[str, Any], prefix: str = "") -> Values:
    """Return the values of what the API answered.

    What the API has no field for is kept from the prior values, and null where it was unknown.
    """
    state: Values = {}
    for name, attribute in block.attributes.items():
        before = prior.get(name)
        if attribute.field is None or attribute.unread:
            state[name] = None if before is UNKNOWN else before
        else:
            state[name] = _incoming(attribute, before, _dig(found, attribute.field))
    for name, nested in block.nested.items():
        before = prior.get(name)
        if nested.field is None:
            state[name] = before if is_known(before) else None if nested.nesting == "single" else []
        else:
            state[name] = _blocks(resource, nested, before, _dig(found, nested.field), prefix + name)
    return state


def _incoming(attribute: Attribute, before: Any, value: Any) -> Any:
    if value is None:
        if isinstance(attribute.type, list) and attribute.type[0] == "map":
            return before if before == {} else None
        return attribute.zero
    found = convert(attribute.type, value)
    # A length of time stays as it was written: days that the server counts in seconds are no drift.
    return before if attribute.equal == "duration" and same("duration", before, found) else found


def convert(kind: Any, value: Any) -> Any:
    """Return the API's value in Terraform's type."""
    if isinstance(kind, str):
        return _scalar(kind, value)
    match kind:
        case ["map", inner]:
            return {key: convert(inner, part) for key, part in value.items()}
        case [_, ["object", fields]]:
            return [_object(fields, part) for part in (value if isinstance(value, list) else [value])]
        case [_, inner]:
            return [convert(inner, part) for part in (value if isinstance(value, list) else [value])]
    raise TypeError(f"no conversion to {kind}")


def _scalar(kind: str, value: Any) -> Any:
    if kind == "bool":
        return bool(value)
    if kind == "number":
        return float(value) if "." in str(value) else int(value)
    if isinstance(value, dict | list):
        return json.dumps(value, separators=(",", ":"), sort_keys=True)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _object(fields: dict[str, Any], value: dict[str, Any]) -> Values:
    """Return an element of a computed list of objects.

    Its fields are named as the API names them, but in snake case.
    """
    made: Values = {}
    for name, kind in fields.items():
        part = value.get(camel(name))
        if part is None:
            made[name] = [] if isinstance(kind, list) and kind[0] != "map" else None
        else:
            made[name] = convert(kind, part)
    return made


def _blocks(resource: ResourceType, nested: Nested, before: Any, value: Any, path: str) -> Any:
    earlier = before if isinstance(before, list) else []
    meant = earlier or nested.keeps_empty or nested.computed
    if value is None or (value in ({}, []) and not (meant and value == {})):
        return []
    key = resource.keyed.get(path)
    if key:
        elements = [{**part, key: name} for name, part in value.items()]
    else:
        elements = value if isinstance(value, list) else [value]
    made = []
    for index, element in enumerate(elements):
        old: Values = {}
        if key:
            old = next((block for block in earlier if block.get(key) == element[key]), old)
        elif nested.nesting == "list" and index < len(earlier):
            old = earlier[index]
        made.append(state_of(resource, nested.block, old, element, f"{path}."))
    return made


def _dig(found: Any, field: Field) -> Any:
    for part in field.path:
        if not isinstance(found, dict):
            return None
        found = found.get(part)
    return found


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

"""Terraform's values as the body of a request: zeros are left out, as the real provider leaves them out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from localcloud.terraform_provider.equality import seconds
from localcloud.terraform_provider.values import Values, is_known, is_zero

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

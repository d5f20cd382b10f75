"""A stored state in today's schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from localcloud.terraform_provider.schemas.blocks import Attribute, Block
    from localcloud.terraform_provider.values import Values


def fitted(block: Block, stored: Values) -> Values:
    """Return the stored values in the schema: without what it does not know, with null for what it has beside."""
    made: Values = {name: _typed(attribute, stored.get(name)) for name, attribute in block.attributes.items()}
    for name, nested in block.nested.items():
        value = stored.get(name)
        if isinstance(value, list):
            made[name] = [fitted(nested.block, element) for element in value]
        elif isinstance(value, dict):
            made[name] = fitted(nested.block, value)
        else:
            made[name] = None if nested.nesting == "single" else []
    return made


def _typed(attribute: Attribute, value: Any) -> Any:
    """Return a scalar in the attribute's type: one that has become a string or a number meanwhile is converted."""
    match attribute.type:
        case "string" if isinstance(value, bool | int | float):
            return str(value).lower() if isinstance(value, bool) else str(value)
        case "number" if isinstance(value, str):
            return float(value) if "." in value else int(value) if value else None
    return value

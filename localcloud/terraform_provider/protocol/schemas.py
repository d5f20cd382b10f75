"""The schemas as Terraform asks for them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from localcloud.terraform_provider.resources.catalogue import Catalogue
    from localcloud.terraform_provider.schemas.blocks import Block

_NESTING = {"single": 1, "list": 2, "set": 3}


def schema_response(catalogue: Catalogue) -> dict[str, Any]:
    """Return the answer to GetProviderSchema."""
    resources = [
        {"key": name, "value": {"version": kind.resource.facts.version, "block": _block(kind.block)}}
        for name, kind in catalogue.resources.items()
    ]
    data_sources = [
        {"key": name, "value": {"version": 0, "block": _block(block)}} for name, block in catalogue.data_sources.items()
    ]
    return {
        "provider": {"version": 0, "block": _block(catalogue.provider)},
        "resource_schemas": resources,
        "data_source_schemas": data_sources,
        "server_capabilities": {"plan_destroy": False, "get_provider_schema_optional": True},
    }


def _block(block: Block) -> dict[str, Any]:
    attributes = [
        {
            "name": attribute.name,
            "type": json.dumps(attribute.type).encode(),
            "required": attribute.required,
            "optional": attribute.optional,
            "computed": attribute.computed,
            "sensitive": attribute.sensitive,
            "write_only": attribute.write_only,
        }
        for attribute in block.attributes.values()
    ]
    nested = [
        {
            "type_name": inner.name,
            "nesting": _NESTING[inner.nesting],
            "min_items": inner.min_items if inner.nesting != "single" else 0,
            "max_items": inner.max_items if inner.nesting != "single" else 0,
            "block": _block(inner.block),
        }
        for inner in block.nested.values()
    ]
    return {"attributes": attributes, "block_types": nested}

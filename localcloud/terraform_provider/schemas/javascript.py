"""Read Terraform schemas out of the JavaScript that cdktn generates from them.

Each resource is a class, each nested block a class of its own; a comment before each field says whether it is computed,
optional, required, and the code after it says of which type it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_CLASS = re.compile(r"^class (\w+) extends cdktn\.(\w+) \{\n(.*?)^\}", re.DOTALL | re.MULTILINE)
_FUNCTION = re.compile(r"^function (\w+)ToHclTerraform\(struct\) \{\n(.*?)^\}", re.DOTALL | re.MULTILINE)
_FIELD = re.compile(
    r"^    // ([a-z0-9_]+) - computed: (\w+), optional: (\w+), required: (\w+)\n(.*?)^    \}", re.DOTALL | re.MULTILINE
)
_ENTRY = re.compile(r"^( {8}| {12})(\w+): \{\n(.*?)\n\1\},", re.DOTALL | re.MULTILINE)
_GETTER = re.compile(r"this\.get(\w+)Attribute\('")
_NESTED = re.compile(r"= new (\w+)\(this(?:, \"\w+\"(?:, (true|false))?)?\)")
_PLAIN = re.compile(r"= new cdktn\.(\w+)\(this")
_INTERFACE = re.compile(r"^export interface (\w+)[^{\n]* \{\n(.*?)^\}", re.DOTALL | re.MULTILINE)
_COMMENT = re.compile(r"/\*\*(.*?)\*/", re.DOTALL)
_VALUES = re.compile(r'Possible values: \[("[^\]]*")\]')
_ANCHOR = re.compile(r"#([a-z0-9_]+) \w+#")
_ROOTS = ("TerraformResource", "TerraformDataSource", "TerraformProvider")
_TYPES: dict[str, Any] = {
    "String": "string",
    "Number": "number",
    "Boolean": "bool",
    "List": ["list", "string"],
    "StringMap": ["map", "string"],
    "NumberList": ["list", "number"],
    "BooleanMap": ["map", "bool"],
    "NumberMap": ["map", "number"],
    "AnyMap": ["map", "string"],
}
_STORAGE_TYPES: dict[str, Any] = {
    "string": "string",
    "number": "number",
    "boolean": "bool",
    "stringList": ["list", "string"],
    "stringMap": ["map", "string"],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """One attribute or nested block, as the class of its block describes it."""

    name: str
    flags: str  # of r, o, c: required, optional, computed
    code: str
    hcl: str  # how it is written as HCL; empty for what is computed


class Module:
    """The classes of one generated module, a resource or a data source."""

    def __init__(self, source: str, declarations: str) -> None:
        self._allowed = _allowed(declarations)
        self._classes = {found[1]: (found[2], found[3]) for found in _CLASS.finditer(source)}
        self._functions = {found[1][0].upper() + found[1][1:]: found[2] for found in _FUNCTION.finditer(source)}

    def root(self) -> dict[str, Any]:
        """Return the block of the module's resource, as Terraform's own `providers schema` would describe it."""
        return self._block(next(name for name, (parent, _) in self._classes.items() if parent in _ROOTS))

    def _fields(self, name: str) -> list[_Field]:
        """Return the fields of a block's class."""
        own = name if name in self._classes else ""
        parent, body = self._classes.get(f"{name}OutputReference") or self._classes[own]
        hcl = {
            found[2]: found[3] for found in _ENTRY.finditer(body if parent in _ROOTS else self._functions.get(name, ""))
        }
        fields = []
        for found in _FIELD.finditer(body):
            computed, optional, required = (word == "true" for word in found.group(2, 3, 4))
            flags = "r" * required + "o" * optional + "c" * computed
            fields.append(_Field(name=found[1], flags=flags, code=found[5], hcl=hcl.get(found[1], "")))
        return fields

    def _block(self, name: str) -> dict[str, Any]:
        """Return a block: attributes {name: [type, flags, values?]} and blocks {name: [nesting, min, max, block]}."""
        attributes: dict[str, Any] = {}
        blocks: dict[str, Any] = {}
        for field in self._fields(name):
            if plain := _PLAIN.search(field.code):
                attributes[field.name] = [_TYPES[plain[1]], field.flags]
            elif nested := _NESTED.search(field.code):
                nesting, described = self._nested(field, nested)
                if field.flags == "c" or (field.hcl and "isBlock: true" not in field.hcl):
                    attributes[field.name] = [[nesting, _object_type(described)], field.flags]
                else:
                    many = nested[1].endswith("List") or nesting == "single"
                    blocks[field.name] = [nesting, int("r" in field.flags), 0 if many else 1, described]
            elif getter := _GETTER.search(field.code):
                kind = _TYPES[getter[1]]
                if isinstance(kind, list) and kind[0] == "list" and "Fn.tolist" in field.code:
                    kind = ["set", kind[1]]
                attributes[field.name] = [kind, field.flags]
            else:
                self._provider_field(field, attributes, blocks)
        for attribute, values in (self._allowed.get(name) or self._allowed.get(f"{name}Config") or {}).items():
            if attribute in attributes:
                attributes[attribute].append(values)
        return {"attributes": attributes, "blocks": blocks}

    def _nested(self, field: _Field, nested: re.Match[str]) -> tuple[str, dict[str, Any]]:
        """Return how a nested block nests, and the block."""
        written = re.search(r'type: "(\w+)"', field.hcl)
        kind = written[1] if written else ""
        nesting = "set" if kind == "set" or nested[2] == "true" else "single" if kind == "struct" else "list"
        return nesting, self._block(re.sub(r"(List|OutputReference|Map)$", "", nested[1]))

    def _provider_field(self, field: _Field, attributes: dict[str, Any], blocks: dict[str, Any]) -> None:
        """Add a field of the provider's own class: only its HCL says of which type it is."""
        stored = re.search(r'storageClassType: "(\w+)"', field.hcl)
        if stored is None:
            raise ValueError(f"no type found for the field {field.name}")
        if "isBlock: true" not in field.hcl:
            attributes[field.name] = [_STORAGE_TYPES[stored[1]], field.flags]
            return
        entries = _ENTRY.finditer(self._functions[stored[1].removesuffix("List")])
        parts = {found[2]: re.search(r'storageClassType: "(\w+)"', found[3]) for found in entries}
        inner = {name: [_STORAGE_TYPES[part[1]], "o"] for name, part in parts.items() if part}
        blocks[field.name] = ["list", 0, 0, {"attributes": inner, "blocks": {}}]


def _object_type(block: dict[str, Any]) -> list[Any]:
    """Return the block as the type of an attribute that holds such objects."""
    fields = {name: kind for name, (kind, *_) in block["attributes"].items()}
    fields |= {name: [nesting, _object_type(inner)] for name, (nesting, _, _, inner) in block["blocks"].items()}
    return ["object", fields]


def _allowed(declarations: str) -> dict[str, dict[str, list[str]]]:
    """Return the values that comments allow: {interface: {attribute: values}}."""
    found: dict[str, dict[str, list[str]]] = {}
    for interface in _INTERFACE.finditer(declarations):
        for comment in _COMMENT.finditer(interface[2]):
            values, anchor = _VALUES.search(comment[1]), _ANCHOR.search(comment[1])
            if values and anchor:
                found.setdefault(interface[1], {})[anchor[1]] = re.findall(r'"([^"]*)"', values[1])
    return found

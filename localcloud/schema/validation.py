"""Request bodies against discovery schemas, refused in Google's words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from localcloud.schema.field_names import camel, snake

if TYPE_CHECKING:
    from collections.abc import Mapping

_TYPE_NAMES = {"string": "TYPE_STRING", "boolean": "TYPE_BOOL", "number": "TYPE_DOUBLE", "integer": "TYPE_INT32"}
_FORMAT_NAMES = {
    "int64": "TYPE_INT64",
    "uint64": "TYPE_UINT64",
    "int32": "TYPE_INT32",
    "uint32": "TYPE_UINT32",
    "float": "TYPE_FLOAT",
    "byte": "TYPE_BYTES",
    "google-datetime": "type.googleapis.com/google.protobuf.Timestamp",
    "google-duration": "type.googleapis.com/google.protobuf.Duration",
    "google-fieldmask": "type.googleapis.com/google.protobuf.FieldMask",
}
_INTEGER_TEXT = re.compile(r"-?\d+(\.0+)?")
_NUMBER_TEXT = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?|NaN|-?Infinity")
_TEXTS = {
    "google-duration": re.compile(r"-?\d+(\.\d{1,9})?s"),
    "google-datetime": re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """What is wrong with one field, in Google's words."""

    field: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedBody:
    """A body in camelCase, without nulls and read-only fields, enums by name; worth nothing if something is wrong."""

    body: dict[str, Any]
    violations: tuple[Violation, ...]


@dataclass(slots=True)
class _Check:
    schemas: Mapping[str, Mapping[str, Any]]
    violations: list[Violation] = field(default_factory=list)

    def value(self, schema: Mapping[str, Any], value: Any, path: str) -> Any:
        if "$ref" in schema:
            schema = self.schemas[schema["$ref"]]
        kind = schema.get("type", "any")
        if kind == "any":
            return value
        if kind == "object":
            return self.object(schema, value, path)
        if kind == "array":
            return self.array(schema, value, path)
        if isinstance(value, list):
            self.unknown(path, "Proto field is not repeating, cannot start list.")
        elif isinstance(value, dict):
            self.unknown(path, "Proto field is not a message, cannot start object.")
        elif "enum" in schema:
            return self.enum(schema, value, path)
        else:
            return self.scalar(kind, schema.get("format", ""), value, path)
        return None

    def object(self, schema: Mapping[str, Any], value: Any, path: str) -> Any:
        if isinstance(value, list):
            return self.unknown(path, "Proto field is not repeating, cannot start list.")
        if not isinstance(value, dict):
            return self.wrong(path, "Map" if "additionalProperties" in schema else "type.googleapis.com/message", value)
        if "properties" not in schema:
            inner = schema.get("additionalProperties", {})
            return {
                key: self.value(inner, item, f"{path}.{key}") for key, item in value.items() if self.kept(inner, item)
            }
        checked: dict[str, Any] = {}
        for key, item in value.items():
            name = key if key in schema["properties"] else camel(key)
            inner = schema["properties"].get(name)
            if inner is None:
                self.unknown(f"{path}.{key}" if path else key, "Cannot find field.")
            elif not inner.get("readOnly") and self.kept(inner, item):
                checked[name] = self.value(inner, item, f"{path}.{snake(name)}" if path else snake(name))
        return checked

    def array(self, schema: Mapping[str, Any], value: Any, path: str) -> Any:
        if not isinstance(value, list):
            return self.wrong(path, "repeated", value)
        return [self.value(schema["items"], item, f"{path}[{at}]") for at, item in enumerate(value)]

    def enum(self, schema: Mapping[str, Any], value: Any, path: str) -> Any:
        names = schema["enum"]
        numbers = schema.get("enumNumbers") or range(len(names))
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0 and value in numbers:
            return names[numbers.index(value)]
        if value in names:
            return value
        return self.wrong(path, "type.googleapis.com/enum", value)

    def scalar(self, kind: str, form: str, value: Any, path: str) -> Any:
        type_name = _FORMAT_NAMES.get(form) or _TYPE_NAMES.get(kind, kind)
        if _fits(kind, form, value):
            return _normal(kind, form, value)
        return self.wrong(path, type_name, value)

    def kept(self, schema: Mapping[str, Any], item: Any) -> bool:
        return item is not None or schema.get("type") == "any"

    def wrong(self, path: str, type_name: str, value: Any) -> None:
        shown = f'"{value}"' if isinstance(value, str) else _shown(value)
        description = f"Invalid value at '{path}' ({type_name}), {shown}"
        self.violations.append(Violation(field=path, description=description))

    def unknown(self, path: str, why: str) -> None:
        parent, _, name = path.rpartition(".")
        where = f" at '{parent}'" if parent else ""
        description = f'Invalid JSON payload received. Unknown name "{name}"{where}: {why}'
        self.violations.append(Violation(field=parent, description=description))


def check(schemas: Mapping[str, Mapping[str, Any]], schema_name: str, body: Any) -> CheckedBody:
    """Return the body as the schema has it, and everything that is wrong with it."""
    if not isinstance(body, dict):
        why = 'Invalid JSON payload received. Unknown name "": Root element must be a message.'
        return CheckedBody(body={}, violations=(Violation(field="", description=why),))
    checking = _Check(schemas)
    checked = checking.value({"$ref": schema_name}, body, _root_path(schema_name))
    return CheckedBody(body=checked or {}, violations=tuple(checking.violations))


def _root_path(schema_name: str) -> str:
    """Return the request field that carries the body: the resource's own name, and none for a request message."""
    if schema_name.endswith("Request"):
        return ""
    return snake(re.sub(r"^Google[A-Za-z]*?V\d+(?:beta\d+)?", "", schema_name))


def _fits(kind: str, form: str, value: Any) -> bool:
    if kind == "boolean" or isinstance(value, bool):
        return kind == "boolean" and isinstance(value, bool)
    if kind == "integer" or form in {"int64", "uint64"}:
        return _is_integer(value)
    if kind == "number":
        return isinstance(value, int | float) or bool(_NUMBER_TEXT.fullmatch(str(value)))
    pattern = _TEXTS.get(form)
    return isinstance(value, str) and (pattern is None or bool(pattern.fullmatch(value)))


def _is_integer(value: Any) -> bool:
    if isinstance(value, str):
        return bool(_INTEGER_TEXT.fullmatch(value))
    return isinstance(value, int) or (isinstance(value, float) and value.is_integer())


def _normal(kind: str, form: str, value: Any) -> Any:
    if form in {"int64", "uint64"}:
        return str(int(float(value))) if isinstance(value, float) else str(int(str(value).partition(".")[0]))
    if kind == "integer":
        return int(float(value))
    if kind == "number" and isinstance(value, str):
        return value if value.strip("-")[0] in "NI" else float(value)
    return value


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)

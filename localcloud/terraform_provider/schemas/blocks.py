"""The schema of one resource type: its attributes and nested blocks, with the facts that planning needs of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from localcloud.terraform_provider.schemas.resource_types import Facts

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Where an attribute or block is found in the API's object, and in which form."""

    path: tuple[str, ...]
    form: str = (
        ""  # "int64": a number as a string; "json": text in Terraform, an object in the API; "map": of blocks by key
    )
    listed: bool = False  # the API has a list here; Terraform may nest one block


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One attribute."""

    name: str
    type: Any  # Terraform's JSON form of a type: "string", ["list", "string"], ["object", {...}]
    required: bool = False
    optional: bool = False
    computed: bool = False
    sensitive: bool = False
    write_only: bool = False
    force_new: bool = False
    default: Any = None
    values: tuple[str, ...] = ()  # the ones allowed; empty: any
    equal: str = ""  # the rule of `equality` by which two texts are the same
    unread: bool = False  # the state keeps what was sent
    server_key: str = ""  # a key of this map that the server adds
    field: Field | None = None

    @property
    def zero(self) -> Any:
        """What the state holds where the API leaves the field out; a map that was never set stays null."""
        match self.type:
            case "string":
                return ""
            case "bool":
                return False
            case "number":
                return 0
            case ["map", _]:
                return None
        return []


@dataclass(frozen=True, slots=True, kw_only=True)
class Nested:
    """One kind of nested block."""

    name: str
    nesting: str  # "single", "list" or "set"
    min_items: int
    max_items: int  # 0: any number
    block: Block
    force_new: bool = False
    computed: bool = False  # the server fills it where the configuration has none
    keeps_empty: bool = False  # the block means something even with nothing in it
    field: Field | None = None


class Member(NamedTuple):
    """An attribute or a nested block, and the dotted path at which it stands."""

    path: str
    schema: Attribute | Nested


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The attributes and nested blocks of one level."""

    attributes: dict[str, Attribute] = field(default_factory=dict)
    nested: dict[str, Nested] = field(default_factory=dict)

    def walk(self, path: str = "") -> Iterator[Member]:
        """Yield every attribute and nested block with its dotted path."""
        for attribute in self.attributes.values():
            yield Member(path + attribute.name, attribute)
        for nested in self.nested.values():
            yield Member(path + nested.name, nested)
            yield from nested.block.walk(f"{path}{nested.name}.")


def block_of(raw: dict[str, Any], fields: dict[str, Any] | None = None, facts: Facts | None = None) -> Block:
    """Return the block that the extract describes, with the API's fields and the facts of its type."""
    return _block(raw, fields or {}, _Lists.of(facts or Facts()), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lists:
    """The facts' lists of paths, taken apart once."""

    force_new: frozenset[str]
    computed: frozenset[str]
    empty: frozenset[str]
    sensitive: frozenset[str]
    write_only: frozenset[str]
    facts: Facts

    @classmethod
    def of(cls, facts: Facts) -> _Lists:
        """Take the facts' lists apart."""
        return cls(
            force_new=frozenset(facts.force_new.split()),
            computed=frozenset(facts.computed_blocks.split()),
            empty=frozenset(facts.empty_blocks.split()),
            sensitive=frozenset(facts.sensitive.split()),
            write_only=frozenset(facts.write_only.split()),
            facts=facts,
        )


def _block(raw: dict[str, Any], fields: dict[str, Any], lists: _Lists, prefix: str) -> Block:
    attributes = {}
    for name, (kind, flags, *values) in raw["attributes"].items():
        path = prefix + name
        extra = lists.facts.allowed.get(path)
        attributes[name] = Attribute(
            name=name,
            type=kind,
            required="r" in flags,
            optional="o" in flags,
            computed="c" in flags,
            sensitive=path in lists.sensitive,
            write_only=path in lists.write_only,
            force_new=path in lists.force_new,
            default=lists.facts.defaults.get(path),
            equal=lists.facts.equal.get(path, ""),
            unread=path in lists.facts.unread.split(),
            server_key=lists.facts.server_keys.get(path, ""),
            values=tuple(extra.split() if extra else values[0] if values else ()),
            field=_field(fields.get(path)),
        )
    nested = {}
    for name, (nesting, least, most, inner) in raw["blocks"].items():
        path = prefix + name
        nested[name] = Nested(
            name=name,
            nesting=nesting,
            min_items=least,
            max_items=most,
            block=_block(inner, fields, lists, f"{path}."),
            force_new=path in lists.force_new,
            computed=path in lists.computed,
            keeps_empty=path in lists.empty,
            field=_field(fields.get(path)),
        )
    return Block(attributes=attributes, nested=nested)


def _field(raw: dict[str, Any] | None) -> Field | None:
    return (raw and Field(**{**raw, "path": tuple(raw["path"])})) or None

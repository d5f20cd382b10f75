"""What is wrong with a configuration before anything is planned.

Values that are not allowed, arguments that exclude or need each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from localcloud.terraform_provider.values import UNKNOWN, Values, is_known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from localcloud.terraform_provider.schemas.blocks import Block
    from localcloud.terraform_provider.schemas.resource_types import Facts


class Finding(NamedTuple):
    """What is wrong, and where."""

    sentence: str
    path: list[str | int]


def validate(block: Block, facts: Facts, config: Values) -> list[Finding]:
    """Return everything that is wrong with a resource's configuration."""
    return [*_values(block, config, []), *_groups(facts, config)]


def _values(block: Block, config: Values, path: list[str | int]) -> Iterator[Finding]:
    for name, attribute in block.attributes.items():
        value = config.get(name)
        if attribute.values and isinstance(value, str) and value and value not in attribute.values:
            allowed = " ".join(f'"{one}"' for one in attribute.values)
            yield Finding(f"expected {name} to be one of [{allowed}], got {value}", [*path, name])
    for name, nested in block.nested.items():
        elements = config.get(name)
        for index, element in enumerate(elements if isinstance(elements, list) else ()):
            if isinstance(element, dict):
                step = [index] if nested.nesting == "list" else []
                yield from _values(nested.block, element, [*path, name, *step])


def _groups(facts: Facts, config: Values) -> Iterator[Finding]:
    for judge, groups in (
        (_conflict, facts.conflicts),
        (_exactly_one, facts.exactly_one),
        (_at_least_one, facts.at_least_one),
        (_required_with, facts.required_with),
    ):
        for group in groups:
            paths = group.split()
            if sentence := judge(config, paths):
                yield Finding(sentence, [paths[0].split(".")[0]])


def _conflict(config: Values, paths: list[str]) -> str:
    given = _given(config, paths)
    return f'"{given[0]}": conflicts with {given[1]}' if len(given) > 1 else ""


def _exactly_one(config: Values, paths: list[str]) -> str:
    if not _reached(config, paths) or _unknown(config, paths):
        return ""
    given, words = _given(config, paths), ",".join(paths)
    if not given:
        return f'"{paths[0]}": one of `{words}` must be specified'
    if len(given) > 1:
        return f'"{given[0]}": only one of `{words}` can be specified, but `{",".join(given)}` were specified.'
    return ""


def _at_least_one(config: Values, paths: list[str]) -> str:
    if not _reached(config, paths) or _unknown(config, paths) or _given(config, paths):
        return ""
    return f'"{paths[0]}": one of `{",".join(paths)}` must be specified'


def _required_with(config: Values, paths: list[str]) -> str:
    first, *others = paths
    if not _given(config, [first]) or _unknown(config, others) or len(_given(config, others)) == len(others):
        return ""
    return f'"{first}": all of `{",".join(paths)}` must be specified'


def _find(config: Any, path: str) -> Any:
    """Return the value at a dotted path, through the first element of blocks."""
    for part in path.split("."):
        if isinstance(config, list):
            config = config[0] if config else None
        if not isinstance(config, dict):
            return config if config is UNKNOWN else None
        config = config.get(part)
    return config


def _given(config: Values, paths: list[str]) -> list[str]:
    found = ((path, _find(config, path)) for path in paths)
    return [path for path, value in found if is_known(value) and value != []]


def _unknown(config: Values, paths: list[str]) -> bool:
    return any(_find(config, path) is UNKNOWN for path in paths)


def _reached(config: Values, paths: list[str]) -> bool:
    """Whether the block that the paths lie in is there at all."""
    parent = paths[0].rpartition(".")[0]
    return not parent or bool(_find(config, parent))

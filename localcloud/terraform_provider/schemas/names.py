"""Names and resource paths: from Terraform's words to the API's and back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from localcloud.terraform_provider.errors import ProviderError
from localcloud.terraform_provider.values import Values, is_known

if TYPE_CHECKING:
    from localcloud.terraform_provider.configuration import Configuration


def camel(name: str) -> str:
    """Return the API's name for a Terraform name."""
    return re.sub(r"_([a-z0-9])", lambda found: found[1].upper(), name)


def snake(name: str) -> str:
    """Return the Terraform name for an API's name."""
    return re.sub(r"([A-Z])", lambda found: "_" + found[1].lower(), name)


def variables(template: str) -> list[str]:
    """Return the names between braces in a path, in order."""
    return re.findall(r"\{(\w+)\}", template)


def filled(template: str, values: Values, configuration: Configuration) -> str:
    """Return the path with the resource's values, or the provider's where it has none.

    Raises ProviderError for a value that nobody has.
    """

    def value(found: re.Match[str]) -> str:
        name = found[1]
        own = values.get(name)
        text = str(own) if is_known(own) and own != "" else configuration.default(name)
        if not text:
            raise ProviderError(f"{name} is set neither on the resource nor on the provider: set one of them")
        return text

    return re.sub(r"\{(\w+)\}", value, template)


def parsed(template: str, identifier: str) -> Values | None:
    """Return the values in an import id: the whole path, or its last values separated by slashes.

    None when it is neither.
    """
    pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(template))
    if whole := re.fullmatch(pattern, identifier):
        return dict(whole.groupdict())
    names, parts = variables(template), identifier.split("/")
    return dict(zip(names[-len(parts) :], parts, strict=True)) if len(parts) <= len(names) and all(parts) else None

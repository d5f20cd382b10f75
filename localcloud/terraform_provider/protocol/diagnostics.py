"""Errors and warnings as Terraform shows them."""

from __future__ import annotations

import functools
import traceback
from typing import TYPE_CHECKING, Any

from localcloud.terraform_provider.errors import ProviderError

if TYPE_CHECKING:
    from collections.abc import Callable

_ERROR, _WARNING = 1, 2


def error(summary: str, detail: str = "", path: list[str | int] | None = None) -> dict[str, Any]:
    """Return one error, about an attribute if a path is given."""
    found: dict[str, Any] = {"severity": _ERROR, "summary": summary, "detail": detail}
    return {**found, "attribute": attribute_path(path)} if path else found


def warning(summary: str, detail: str = "") -> dict[str, Any]:
    """Return one warning."""
    return {"severity": _WARNING, "summary": summary, "detail": detail}


def attribute_path(path: list[str | int]) -> dict[str, Any]:
    """Return a path of names and indexes as the protocol's."""
    steps = [{"element_key_int": step} if isinstance(step, int) else {"attribute_name": step} for step in path]
    return {"steps": steps}


def answered(method: Callable[[Any, Any], dict[str, Any]]) -> Callable[[Any, Any], dict[str, Any]]:
    """Wrap a method so that what it raises becomes a diagnostic; a bug shows its traceback and says that it is one."""

    @functools.wraps(method)
    def wrapped(provider: Any, request: Any) -> dict[str, Any]:
        try:
            return method(provider, request)
        except ProviderError as raised:
            return {"diagnostics": [error(str(raised))]}
        except Exception as raised:  # noqa: BLE001 - a bug must reach the user, not hang Terraform
            about = getattr(request, "type_name", "")
            summary = f"bug in localcloud's stand-in provider: {method.__name__} {about}: {raised!r}"
            return {"diagnostics": [error(summary, traceback.format_exc())]}

    return wrapped

"""What roles hold: Google's predefined ones by the table, a project's custom ones by what was stored."""

from __future__ import annotations

from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

_FACTS = Path(__file__).parent / "facts" / "roles"
_NONE: frozenset[str] = frozenset()


class Roles:
    """Permissions of roles. `custom` answers the stored role of a name such as `projects/p/roles/x`, or None."""

    def __init__(self, custom: Callable[[str], dict[str, Any] | None]) -> None:
        self._custom = custom

    def permissions(self, role: str) -> frozenset[str]:
        """Return what the role holds; nothing for a deleted or an unknown one."""
        if role.startswith("roles/"):
            return predefined().get(role, _NONE)
        stored = self._custom(role)
        if stored is None or stored.get("deleted"):
            return _NONE
        return frozenset(stored.get("includedPermissions", ()))

    def exists(self, role: str) -> bool:
        """Whether a binding may name the role. A predefined one of a service without a table here may exist."""
        if role.startswith("roles/"):
            short = role.removeprefix("roles/")
            return role in predefined() or ("." in short and short.partition(".")[0] not in services())
        stored = self._custom(role)
        return stored is not None and not stored.get("deleted")

    @cached_property
    def known_permissions(self) -> frozenset[str]:
        """Every permission that some predefined role holds."""
        return known_permissions()


@lru_cache(maxsize=1)
def predefined() -> dict[str, frozenset[str]]:
    """Return the table of predefined roles, read at its first use."""
    found: dict[str, frozenset[str]] = {}
    for path in sorted(_FACTS.glob("*.yaml")):
        table = msgspec.yaml.decode(path.read_bytes(), type=dict[str, dict[str, str]])
        for role, held in table.items():
            found[role] = frozenset(f"{noun}.{verb}" for noun, verbs in held.items() for verb in verbs.split())
    return found


@lru_cache(maxsize=1)
def services() -> frozenset[str]:
    """Return the services whose predefined roles are all in the table, or are refused as unknown."""
    return frozenset(path.stem for path in _FACTS.glob("*.yaml")) - {"basic"}


@lru_cache(maxsize=1)
def known_permissions() -> frozenset[str]:
    """Return every permission that some predefined role holds."""
    return frozenset(permission for held in predefined().values() for permission in held)

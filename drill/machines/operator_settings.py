"""An operator's settings: what Terraform's output says, and the cloud's own addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vertex_dr.kernel.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["settings_of"]


def settings_of(output: Mapping[str, str], environment: Mapping[str, str]) -> Settings:
    """Return a side's settings from its Terraform output; raises BadSettings when the output lacks one."""
    return Settings.from_environment({**environment, **output})

"""What the project's modules hold, to see whether a test has changed one."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

_OURS = ("drill", "localcloud", "release", "vertex_dr")  # main.py is loaded anew by whoever serves it


@dataclass(frozen=True, slots=True)
class Modules:
    """The names of every module of ours that is loaded, and what they stood for."""

    held: dict[str, dict[str, Any]]

    @classmethod
    def loaded(cls) -> Modules:
        """Return the modules as they are now."""
        return cls({name: dict(vars(module)) for name, module in sys.modules.items() if name.split(".")[0] in _OURS})

    def changed(self) -> list[str]:
        """Return each name that stands for something else by now, or is gone; what was added since is no change."""
        return [
            f"{module}.{name}"
            for module, names in self.held.items()
            for now in [vars(sys.modules[module]) if module in sys.modules else {}]
            for name, value in names.items()
            if now.get(name, Modules) is not value
        ]

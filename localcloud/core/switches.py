"""Which region, or which API in a region, is dark, and how."""

from __future__ import annotations

from dataclasses import dataclass, field

MODES = ("refused", "hanging")


class Dark(Exception):
    """The request concerns something dark; the connection ends as the mode says, without an answer."""

    def __init__(self, mode: str, region: str) -> None:
        super().__init__(f"{region} is dark ({mode})")
        self.mode = mode
        self.region = region


@dataclass(slots=True)
class Switches:
    """What is dark now. Global services stand in the region `global`."""

    regions: dict[str, str] = field(default_factory=dict)
    services: dict[tuple[str, str], str] = field(default_factory=dict)

    def is_dark(self, region: str | None, api: str | None = None) -> str | None:
        """Return the mode in which the API of the region is dark, or None while it is lit."""
        where = region or "global"
        if where in self.regions:
            return self.regions[where]
        return self.services.get((where, api)) if api else None

    def check(self, region: str | None, api: str | None = None) -> None:
        """Raise Dark while the API of the region is dark."""
        if mode := self.is_dark(region, api):
            raise Dark(mode, region or "global")

    def darken(self, region: str, service: str | None, mode: str) -> None:
        """Make the region, or one API of it, dark; repeating is safe."""
        if service is None:
            self.regions[region] = mode
        else:
            self.services[region, service] = mode

    def heal(self, region: str) -> None:
        """Light the region and all its APIs; repeating is safe."""
        self.regions.pop(region, None)
        for key in [key for key in self.services if key[0] == region]:
            del self.services[key]

    def as_json(self) -> list[dict[str, str]]:
        """Return what is dark, one entry a switch."""
        whole = [{"region": region, "mode": mode} for region, mode in sorted(self.regions.items())]
        single = [
            {"region": region, "service": service, "mode": mode}
            for (region, service), mode in sorted(self.services.items())
        ]
        return whole + single

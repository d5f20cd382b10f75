"""Image references: `{region}-docker.pkg.dev/{project}/{repository}/{image}` with a tag or a digest."""

from __future__ import annotations

import re
from dataclasses import dataclass

_REFERENCE = re.compile(
    r"(?P<location>[a-z0-9-]+)-docker\.pkg\.dev/(?P<name>[^:@]+)(:(?P<tag>[^@]+))?(@(?P<digest>[a-z0-9]+:[0-9a-f]+))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageReference:
    """One image somewhere in Artifact Registry."""

    location: str
    name: str
    """`project/repository/image`: the name in the location's registry."""
    reference: str
    """Tag or digest."""

    @classmethod
    def parse(cls, text: str) -> ImageReference | None:
        """Return the reference, with the tag `latest` where it has neither tag nor digest; None for any other text."""
        match = _REFERENCE.fullmatch(text)
        if match is None:
            return None
        reference = match["digest"] or match["tag"] or "latest"
        return cls(location=match["location"], name=match["name"], reference=reference)

    def pinned(self, digest: str) -> str:
        """Spell the same image by this digest."""
        return f"{self.location}-docker.pkg.dev/{self.name}@{digest}"

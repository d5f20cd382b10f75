"""Addresses of images in Artifact Registry, as a type instead of strings."""

from __future__ import annotations

import re

from vertex_dr.kernel.errors import BadInput
from vertex_dr.kernel.records import Record

__all__ = ["ImageReference"]

_IMAGE = re.compile(
    r"^(?P<region>[a-z0-9-]+)-docker\.pkg\.dev/(?P<project>[^/]+)/(?P<repository>[^/]+)/(?P<image>[^@:]+)"
    r"(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?$"
)


class ImageReference(Record, frozen=True, kw_only=True):
    """An image in Artifact Registry: REGION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE with a tag, a digest or both."""

    region: str
    project: str
    repository: str
    image: str
    tag: str | None = None
    digest: str | None = None

    @classmethod
    def parse(cls, uri: str) -> ImageReference:
        """Return the reference that uri spells; raises BadInput when it is not one of Artifact Registry's."""
        match = _IMAGE.match(uri)
        if match is None:
            raise BadInput(
                f"read the image reference {uri!r}",
                found="it is not of the form REGION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE[:TAG][@sha256:DIGEST]",
                then="push the image to Artifact Registry and give the reference it prints",
            )
        return cls(**match.groupdict())

    def pinned(self) -> ImageReference:
        """Return the reference itself when it carries a digest; raises BadInput when it does not."""
        if self.digest is None:
            raise BadInput(
                f"use the image {self}",
                found="the reference has no digest, so the two sides could run different images under one name",
                then="give it as IMAGE@sha256:DIGEST",
            )
        return self

    def in_region(self, region: str, *, repository: str | None = None) -> ImageReference:
        """Return the same image as another region's repository names it."""
        return ImageReference(
            region=region,
            project=self.project,
            repository=repository or self.repository,
            image=self.image,
            tag=self.tag,
            digest=self.digest,
        )

    def __str__(self) -> str:
        tag = f":{self.tag}" if self.tag else ""
        digest = f"@{self.digest}" if self.digest else ""
        return f"{self.region}-docker.pkg.dev/{self.project}/{self.repository}/{self.image}{tag}{digest}"

"""Catalog of a region's registry: which image has which blobs, manifests, tags and referrers."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from localcloud.services.artifactregistry.oci.digest import Digest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from localcloud.services.artifactregistry.oci.manifest import Manifest

_SCHEMA = """
CREATE TABLE IF NOT EXISTS blobs (image TEXT, digest TEXT, size INTEGER, created REAL, PRIMARY KEY (image, digest));
CREATE TABLE IF NOT EXISTS manifests (
  image TEXT, digest TEXT, size INTEGER, content_size INTEGER, media_type TEXT, artifact_type TEXT, subject TEXT,
  annotations TEXT, created REAL, updated REAL, PRIMARY KEY (image, digest));
CREATE INDEX IF NOT EXISTS referrers ON manifests (image, subject);
CREATE TABLE IF NOT EXISTS tags (image TEXT, tag TEXT, digest TEXT, updated REAL, PRIMARY KEY (image, tag));
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestEntry:
    """One manifest as the catalog knows it."""

    image: str
    digest: Digest
    size: int
    content_size: int
    media_type: str
    artifact_type: str
    annotations: dict[str, str]
    created: float
    updated: float


class BlobEntry(NamedTuple):
    """A blob that was pushed to an image."""

    digest: Digest
    size: int
    pushed_at: float


class Catalog:
    """What the registry knows of its content; every write outlives the process."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;" + _SCHEMA)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    # Blobs

    def add_blob(self, image: str, digest: Digest, size: int, now: float) -> None:
        """Make the image have the blob. Repeating the call is safe."""
        self._db.execute("INSERT OR IGNORE INTO blobs VALUES (?,?,?,?)", (image, str(digest), size, now))

    def blob_size(self, image: str, digest: Digest) -> int | None:
        """Size of the image's blob, None when the image has none of this digest."""
        row = self._db.execute("SELECT size FROM blobs WHERE image=? AND digest=?", (image, str(digest))).fetchone()
        return row[0] if row else None

    def blob_anywhere(self, digest: Digest, repository: str) -> int | None:
        """Size of a blob that any image of the repository has."""
        found = self._db.execute(
            "SELECT size FROM blobs WHERE digest=? AND image LIKE ? || '/%'", (str(digest), repository)
        ).fetchone()
        return found[0] if found else None

    def blobs(self, image: str) -> list[BlobEntry]:
        """Return the blobs of the image, by digest."""
        rows = self._db.execute("SELECT digest, size, created FROM blobs WHERE image=? ORDER BY digest", (image,))
        return [BlobEntry(Digest.parse(row[0]), row[1], row[2]) for row in rows]

    def remove_blob(self, image: str, digest: Digest) -> bool:
        """Make the image no longer have the blob; False when it had none."""
        return self._changed("DELETE FROM blobs WHERE image=? AND digest=?", image, str(digest))

    # Manifests

    def add_manifest(self, image: str, digest: Digest, size: int, manifest: Manifest, now: float) -> None:
        """Make the image have the manifest. Repeating the call keeps the time of the first push."""
        subject = str(manifest.subject) if manifest.subject else None
        self._db.execute(
            "INSERT INTO manifests VALUES (?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET updated=excluded.updated",
            (
                image,
                str(digest),
                size,
                manifest.content_size,
                manifest.media_type,
                manifest.artifact_type,
                subject,
                json.dumps(manifest.annotations),
                now,
                now,
            ),
        )

    def manifest(self, image: str, digest: Digest) -> ManifestEntry | None:
        """Return the image's manifest of this digest."""
        return next(self._manifests("image=? AND digest=?", image, str(digest)), None)

    def manifests(self, repository: str) -> list[ManifestEntry]:
        """Return all manifests of a repository's images, newest first."""
        return list(self._manifests("image LIKE ? || '/%' ORDER BY created DESC, digest", repository))

    def image_manifests(self, image: str) -> list[ManifestEntry]:
        """Return the manifests of one image, newest first."""
        return list(self._manifests("image=? ORDER BY created DESC, digest", image))

    def referrers(self, image: str, subject: Digest) -> list[ManifestEntry]:
        """Return the image's manifests whose subject is this digest, in the order in which they came."""
        return list(self._manifests("image=? AND subject=? ORDER BY created, digest", image, str(subject)))

    def remove_manifest(self, image: str, digest: Digest) -> bool:
        """Make the manifest and the tags on it go; False when there was none."""
        self._db.execute("DELETE FROM tags WHERE image=? AND digest=?", (image, str(digest)))
        return self._changed("DELETE FROM manifests WHERE image=? AND digest=?", image, str(digest))

    def _manifests(self, where: str, *values: str) -> Iterator[ManifestEntry]:
        columns = "image, digest, size, content_size, media_type, artifact_type, annotations, created, updated"
        for row in self._db.execute(f"SELECT {columns} FROM manifests WHERE {where}", values):  # noqa: S608 - text of this class
            yield ManifestEntry(
                image=row[0],
                digest=Digest.parse(row[1]),
                size=row[2],
                content_size=row[3],
                media_type=row[4],
                artifact_type=row[5],
                annotations=json.loads(row[6]),
                created=row[7],
                updated=row[8],
            )

    # Tags

    def set_tag(self, image: str, tag: str, digest: Digest, now: float) -> None:
        """Make the tag name this manifest, whatever it named before."""
        self._db.execute("INSERT OR REPLACE INTO tags VALUES (?,?,?,?)", (image, tag, str(digest), now))

    def tag(self, image: str, tag: str) -> Digest | None:
        """Return the digest that the tag names."""
        row = self._db.execute("SELECT digest FROM tags WHERE image=? AND tag=?", (image, tag)).fetchone()
        return Digest.parse(row[0]) if row else None

    def tags(self, image: str) -> dict[str, Digest]:
        """Return the image's tags in the order of their names."""
        rows = self._db.execute("SELECT tag, digest FROM tags WHERE image=? ORDER BY tag", (image,))
        return {row[0]: Digest.parse(row[1]) for row in rows}

    def remove_tag(self, image: str, tag: str) -> bool:
        """Make the tag go; False when there was none."""
        return self._changed("DELETE FROM tags WHERE image=? AND tag=?", image, tag)

    # Images

    def images(self, repository: str) -> list[str]:
        """Names of the repository's images that have a manifest, in order."""
        rows = self._db.execute("SELECT DISTINCT image FROM manifests WHERE image LIKE ? || '/%'", (repository,))
        return sorted(row[0] for row in rows)

    def images_with_blobs(self, repository: str) -> set[str]:
        """Names of the repository's images that have a blob, pushed as an image or not yet."""
        rows = self._db.execute("SELECT DISTINCT image FROM blobs WHERE image LIKE ? || '/%'", (repository,))
        return {row[0] for row in rows}

    def has_image(self, image: str) -> bool:
        """Whether anything was ever pushed to this name and is still there."""
        for table in ("manifests", "blobs"):
            if self._db.execute(f"SELECT 1 FROM {table} WHERE image=? LIMIT 1", (image,)).fetchone():  # noqa: S608 - table names of this class
                return True
        return False

    def remove_repository(self, repository: str) -> None:
        """Make every image of the repository go."""
        for table in ("blobs", "manifests", "tags"):
            self._db.execute(f"DELETE FROM {table} WHERE image LIKE ? || '/%'", (repository,))  # noqa: S608 - table names of this class

    def uses(self, digest: Digest) -> bool:
        """Whether any image still has this digest as a blob or as a manifest."""
        for table in ("manifests", "blobs"):
            if self._db.execute(f"SELECT 1 FROM {table} WHERE digest=? LIMIT 1", (str(digest),)).fetchone():  # noqa: S608 - table names of this class
                return True
        return False

    def _changed(self, statement: str, *values: str) -> bool:
        return self._db.execute(statement, values).rowcount > 0

"""Write the selector's copies; imported after a flip only, since Storage and Secret Manager cost time to load.

A copy is never a mutable `latest`: an overwrite in flight when a region dies would make that name unreadable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from google.api_core.exceptions import PreconditionFailed

from vertex_dr.adapters.google.errors import translated
from vertex_dr.kernel.errors import VertexDrError
from vertex_dr.kernel.records import to_json
from vertex_dr.traffic.records import CopyState, Selector

if TYPE_CHECKING:
    from collections.abc import Callable

    from google.cloud.secretmanager_v1 import SecretManagerServiceClient
    from google.cloud.storage import Client

    from vertex_dr.traffic.ports import CopyReader

__all__ = ["CopiesInGoogle"]

TIMEOUT_SECONDS = 5.0


class CopiesInGoogle:
    """Implements CopyWriter: a secret with automatic replication, and zero-padded objects written once."""

    def __init__(  # noqa: PLR0913 - two places with their names
        self,
        reader: CopyReader,
        *,
        secrets: SecretManagerServiceClient,
        storage: Client,
        project: str,
        secret: str,
        bucket: str,
    ) -> None:
        self._reader = reader
        self._secrets = secrets
        self._storage = storage
        self._secret = f"projects/{project}/secrets/{secret}"
        self._bucket = bucket

    def write_missing(self, selector: Selector) -> tuple[CopyState, ...]:
        """Make each place hold this epoch or a higher one, and return what each holds; repeating is safe."""
        writers = (self._to_secret, self._to_bucket)
        return tuple(
            state
            if state.selector is not None and state.selector.epoch >= selector.epoch
            else _written(state.place, write, selector)
            for state, write in zip(self._reader.states(), writers, strict=True)
        )

    def _to_secret(self, selector: Selector) -> None:
        self._secrets.add_secret_version(
            request={"parent": self._secret, "payload": {"data": to_json(selector)}},
            retry=None,
            timeout=TIMEOUT_SECONDS,
        )

    def _to_bucket(self, selector: Selector) -> None:
        blob = self._storage.bucket(self._bucket).blob(f"selectors/{selector.service}/{selector.epoch:020d}.json")
        try:
            blob.upload_from_string(
                to_json(selector),
                content_type="application/json",
                if_generation_match=0,
                timeout=TIMEOUT_SECONDS,
                retry=None,
            )
        except PreconditionFailed:
            return  # another controller wrote this epoch's copy first, and it is the same


def _written(place: str, write: Callable[[Selector], None], selector: Selector) -> CopyState:
    try:
        with translated(f"write epoch {selector.epoch} to {place}", then="the next controller run writes it"):
            write(selector)
    except VertexDrError as exc:
        return CopyState(place=place, selector=None, problem=str(exc))
    return CopyState(place=place, selector=selector)

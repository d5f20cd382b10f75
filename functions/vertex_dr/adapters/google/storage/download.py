"""Download of one object over plain HTTP, for readers that must not load Cloud Storage's client library."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from vertex_dr.adapters.google.clients import Clients

__all__ = ["download"]


def download(clients: Clients, bucket: str, name: str, *, tried: str, timeout_seconds: float) -> bytes:
    """Return the object's content. Raises the kernel's errors; repeating is safe."""
    url = f"{clients.url('storage')}/download/storage/v1/b/{bucket}/o/{quote(name, safe='')}"
    return clients.http.get(url, tried=tried, timeout_seconds=timeout_seconds, params={"alt": "media"})

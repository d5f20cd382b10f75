"""What is checked of a gRPC call before its bytes are handed on: who sends it, that it may, and that it is lit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from localcloud.core.identity.callers import caller_of
from localcloud.services.firestore.service import Firestore

if TYPE_CHECKING:
    from collections.abc import Mapping

    from localcloud.core.cloud import Cloud
    from localcloud.core.services import Services

__all__ = ["RpcChecks"]


class RpcChecks:
    """Decides by the method, the metadata and each message."""

    def __init__(self, cloud: Cloud, services: Services) -> None:
        self._cloud = cloud
        self._services = services

    async def __call__(
        self, api: str, method: str, metadata: Mapping[str, str], message: bytes, about: str = ""
    ) -> str:
        """Return what the message is about, if it may pass; `about` is what the stream's earlier ones were about.

        Raises ApiError when it is refused, Dark when nobody is to answer.
        """
        with self._cloud.switches.request_of(lambda: caller_of(self._cloud.tokens, metadata)):
            await self._cloud.switches.check(None, api)
            found = self._cloud.access.authorize_rpc(method, metadata, message, about)
            service = self._services.by_api[api]
            if isinstance(service, Firestore):
                await service.check_rpc(metadata)
            return found

"""What is checked of a gRPC call before its bytes are handed on: that it may pass, and that what it is about is lit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from localcloud.services.firestore.service import Firestore

if TYPE_CHECKING:
    from collections.abc import Mapping

    from localcloud.core.cloud import Cloud
    from localcloud.core.services import Services

__all__ = ["RpcChecks"]


class RpcChecks:
    """Decides by the method and the metadata, the only parts of a call that can be read without its messages."""

    def __init__(self, cloud: Cloud, services: Services) -> None:
        self._cloud = cloud
        self._services = services

    async def __call__(self, api: str, method: str, metadata: Mapping[str, str]) -> None:  # noqa: ARG002 - the protocol's
        """Return if the call may pass. Raises ApiError when it is refused, Dark when nobody is to answer."""
        self._cloud.switches.check(None, api)
        service = self._services.by_api[api]
        if isinstance(service, Firestore):
            service.check_rpc(metadata)

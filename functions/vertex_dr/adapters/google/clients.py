"""The one factory of Google's clients: over REST everywhere, at the addresses that settings name.

Importing it costs nothing; each client's library is imported when the first one of its kind is built.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from vertex_dr.adapters.google.errors import translated

if TYPE_CHECKING:
    from collections.abc import Callable

    from google.auth.credentials import Credentials
    from google.auth.transport.requests import AuthorizedSession

    from vertex_dr.kernel.settings import Settings

__all__ = ["Clients"]

_SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)
_POOL = 64


class Clients:
    """Builds each client once, with one credential; building does no I/O but finding the credential."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._built: dict[tuple[str, str | None], Any] = {}

    @cached_property
    def credentials(self) -> Credentials:
        """Return Application Default Credentials. Raises BadSettings when there are none."""
        import google.auth  # noqa: PLC0415 - imported where it is used, so that the door loads fast

        with translated("find Application Default Credentials"):
            found, _ = google.auth.default(scopes=_SCOPES)
        return found

    @cached_property
    def _session(self) -> AuthorizedSession:
        from google.auth.transport.requests import AuthorizedSession  # noqa: PLC0415 - the same
        from requests.adapters import HTTPAdapter  # noqa: PLC0415 - the same

        session: AuthorizedSession = AuthorizedSession(self.credentials)  # type: ignore[no-untyped-call] # untyped there
        for scheme in ("https://", "http://"):
            session.mount(scheme, HTTPAdapter(pool_connections=_POOL, pool_maxsize=_POOL))
        return session

    def session(self) -> AuthorizedSession:
        """Return the session that carries the credential; the same one each time."""
        return self._session

    def url(self, service: str, region: str, *, google: str) -> str:
        """Return where the service answers in that region, without a slash at the end."""
        return (self.settings.endpoints.of(service, region) or google.replace("{region}", region)).rstrip("/")

    def storage(self) -> Any:
        """Return a google.cloud.storage Client."""
        from google.cloud.storage import Client  # noqa: PLC0415 - the same

        endpoint = self.settings.endpoints.of("storage")
        options = {"api_endpoint": endpoint} if endpoint else None
        return Client(
            project=self.settings.project, credentials=self.credentials, client_options=options, _http=self._session
        )

    def firestore(self) -> Any:
        """Return the GAPIC FirestoreClient."""
        from google.cloud.firestore_v1.services.firestore import FirestoreClient  # noqa: PLC0415 - the same

        return self._gapic(FirestoreClient, self.settings.endpoints.of("firestore"))

    def secrets(self) -> Any:
        """Return the SecretManagerServiceClient."""
        from google.cloud.secretmanager_v1 import SecretManagerServiceClient  # noqa: PLC0415 - the same

        return self._gapic(SecretManagerServiceClient, self.settings.endpoints.of("secretmanager"))

    def models(self, region: str) -> Any:
        """Return the region's ModelServiceClient."""
        from google.cloud.aiplatform_v1.services.model_service import ModelServiceClient  # noqa: PLC0415 - the same

        return self._gapic(ModelServiceClient, self._vertex(region))

    def endpoints(self, region: str) -> Any:
        """Return the region's EndpointServiceClient."""
        from google.cloud.aiplatform_v1.services.endpoint_service import (  # noqa: PLC0415 - the same
            EndpointServiceClient,
        )

        return self._gapic(EndpointServiceClient, self._vertex(region))

    def pipelines(self, region: str) -> Any:
        """Return the region's PipelineServiceClient."""
        from google.cloud.aiplatform_v1.services.pipeline_service import (  # noqa: PLC0415 - the same
            PipelineServiceClient,
        )

        return self._gapic(PipelineServiceClient, self._vertex(region))

    def artifact_registry(self, region: str) -> Any:
        """Return a client of Artifact Registry that answers for the region."""
        from google.cloud.artifactregistry_v1.services.artifact_registry import (  # noqa: PLC0415 - the same
            ArtifactRegistryClient,
        )

        return self._gapic(ArtifactRegistryClient, self.settings.endpoints.of("artifactregistry", region))

    def _vertex(self, region: str) -> str:
        return self.url("aiplatform", region, google="{region}-aiplatform.googleapis.com")

    def _gapic(self, kind: Callable[..., Any], endpoint: str | None) -> Any:
        known = (kind.__name__, endpoint)
        if known not in self._built:
            options = {"api_endpoint": endpoint} if endpoint else None
            self._built[known] = kind(credentials=self.credentials, transport="rest", client_options=options)
        return self._built[known]

"""The one factory of Google's clients: over REST everywhere, at Google's own addresses.

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

    from vertex_dr.adapters.google.http import Http
    from vertex_dr.kernel.settings import Settings

__all__ = ["Clients"]

# ruff: noqa: PLC0415 - a client's library is loaded when the first client of its kind is built

_SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)
_POOL = 64
# What Google serves at a host of each region.
_OF_A_REGION = {
    "aiplatform": "https://{region}-aiplatform.googleapis.com",
    "docker": "https://{region}-docker.pkg.dev",
    "kfp": "https://{region}-kfp.pkg.dev",
}


class Clients:
    """Builds each client once, with one credential and one session; building does no I/O but finding the credential."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._built: dict[tuple[str, str | None], Any] = {}

    @cached_property
    def credentials(self) -> Credentials:
        """Application Default Credentials; raises BadSettings when there are none."""
        import google.auth

        with translated("find Application Default Credentials"):
            found, _ = google.auth.default(scopes=_SCOPES)
        return found

    @cached_property
    def session(self) -> AuthorizedSession:
        """The session that carries the credential."""
        return _session(self.credentials)

    @cached_property
    def http(self) -> Http:
        """HTTP over that session."""
        from vertex_dr.adapters.google.http import Http

        return Http(self.session)

    def invoker(self, url: str) -> Http:
        """Return HTTP as an invoker of the function at that URL: with an identity token, kept until it expires."""
        from google.oauth2.id_token import fetch_id_token_credentials

        from vertex_dr.adapters.google.http import Http

        known = ("invoker", url)
        if known not in self._built:
            with translated(f"find the credential that calls {url}"):
                found = fetch_id_token_credentials(url)  # type: ignore[no-untyped-call] # google-auth has no types
            self._built[known] = Http(_session(found))
        invoker: Http = self._built[known]
        return invoker

    def url(self, api: str, region: str = "") -> str:
        """Return where the API answers, in that region if it is a regional one, without a slash at the end."""
        return _OF_A_REGION.get(api, f"https://{api}.googleapis.com").replace("{region}", region)

    def storage(self) -> Any:
        """Return a google.cloud.storage Client."""
        from google.cloud.storage import Client

        return Client(project=self.settings.project, credentials=self.credentials, _http=self.session)

    def firestore(self) -> Any:
        """Return the GAPIC FirestoreClient."""
        from google.cloud.firestore_v1.services.firestore import FirestoreClient

        return self._gapic(FirestoreClient)

    def models(self, region: str) -> Any:
        """Return the region's ModelServiceClient."""
        from google.cloud.aiplatform_v1.services.model_service import ModelServiceClient

        return self._gapic(ModelServiceClient, self.url("aiplatform", region))

    def endpoints(self, region: str) -> Any:
        """Return the region's EndpointServiceClient."""
        from google.cloud.aiplatform_v1.services.endpoint_service import (
            EndpointServiceClient,
        )

        return self._gapic(EndpointServiceClient, self.url("aiplatform", region))

    def pipelines(self, region: str) -> Any:
        """Return the region's PipelineServiceClient."""
        from google.cloud.aiplatform_v1.services.pipeline_service import (
            PipelineServiceClient,
        )

        return self._gapic(PipelineServiceClient, self.url("aiplatform", region))

    def artifact_registry(self) -> Any:
        """Return a client of Artifact Registry, which has one host for all regions."""
        from google.cloud.artifactregistry_v1.services.artifact_registry import (
            ArtifactRegistryClient,
        )

        return self._gapic(ArtifactRegistryClient)

    def _gapic(self, kind: Callable[..., Any], of_a_region: str | None = None) -> Any:
        known = (kind.__name__, of_a_region)
        if known not in self._built:
            options = {"api_endpoint": of_a_region} if of_a_region else None
            self._built[known] = kind(credentials=self.credentials, transport="rest", client_options=options)
        return self._built[known]


def _session(credentials: Credentials) -> AuthorizedSession:
    from google.auth.transport.requests import AuthorizedSession
    from requests.adapters import HTTPAdapter

    session: AuthorizedSession = AuthorizedSession(credentials)  # type: ignore[no-untyped-call] # google-auth has no types
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(pool_connections=_POOL, pool_maxsize=_POOL))
    return session

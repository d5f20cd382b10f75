"""Where scratch resources are made on Google Cloud."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from preflight.google.operations import Calls
from preflight.google.scratch_accounts import GoogleScratchAccounts
from preflight.google.scratch_buckets import GoogleScratchBuckets
from preflight.google.scratch_models import GoogleScratchModels
from preflight.google.scratch_repositories import GoogleScratchRepositories
from preflight.google.tokens import Bearers
from vertex_dr.kernel.ids import new_id

if TYPE_CHECKING:
    from preflight.ports import Removals
    from vertex_dr.adapters.google.clients import Clients
    from vertex_dr.kernel.ids import NewId

__all__ = ["GoogleScratch"]


@dataclass(frozen=True)
class GoogleScratch:
    """The four kinds of scratch resources, with one set of clients."""

    clients: Clients
    removals: Removals
    new_id: NewId = new_id

    @cached_property
    def buckets(self) -> GoogleScratchBuckets:
        """Cloud Storage."""
        return GoogleScratchBuckets(self._calls, Bearers(), self.removals, self.new_id)

    @cached_property
    def accounts(self) -> GoogleScratchAccounts:
        """IAM."""
        return GoogleScratchAccounts(self._calls, self.removals, self.new_id)

    @cached_property
    def models(self) -> GoogleScratchModels:
        """Vertex AI."""
        return GoogleScratchModels(self._calls, self.removals, self.new_id)

    @cached_property
    def repositories(self) -> GoogleScratchRepositories:
        """Artifact Registry."""
        return GoogleScratchRepositories(self._calls, self.removals, self.new_id)

    @cached_property
    def _calls(self) -> Calls:
        return Calls(self.clients)

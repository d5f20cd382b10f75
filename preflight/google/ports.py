"""Preflight's ports on Google Cloud."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from preflight.google.names import GoogleNames
from preflight.google.project import GoogleProjectFacts
from vertex_dr.adapters.google.clients import Clients

if TYPE_CHECKING:
    from vertex_dr.kernel.settings import Settings

__all__ = ["GooglePreflightPorts"]


class GooglePreflightPorts:
    """One set of clients, whose settings are those that Terraform will hand to the functions; no I/O at building."""

    def __init__(self, settings: Settings) -> None:
        self.clients = Clients(settings)

    @cached_property
    def facts(self) -> GoogleProjectFacts:
        """The project."""
        return GoogleProjectFacts(self.clients)

    @cached_property
    def names(self) -> GoogleNames:
        """The names."""
        return GoogleNames(self.facts)

"""What the stand-in provider can fail with.

ProviderError
├── ApiError        the API answered with an error
│   └── NotFound    the thing asked for does not exist
├── Unread          a resource was created, but cannot be read back
└── Unsupported     the configuration asks for what the table does not have
"""

from __future__ import annotations

from typing import Any


class ProviderError(Exception):
    """Terraform's user must change something, or the server failed; the text says which."""


class ApiError(ProviderError):
    """The API answered a request with an error."""

    def __init__(self, request: str, code: int, message: str) -> None:
        super().__init__(f"{request}: Error {code}: {message}")
        self.code = code


class NotFound(ApiError):
    """The API does not know the thing that was asked for."""


class Unsupported(ProviderError):
    """The configuration asks for something that the stand-in's table does not have."""


class Unread(ProviderError):
    """A resource was created, but reading it back failed: Terraform must know that it exists, and will replace it."""

    def __init__(self, message: str, state: dict[str, Any]) -> None:
        super().__init__(message)
        self.state = state

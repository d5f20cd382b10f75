"""What the stand-in provider can fail with.

ProviderError
├── ApiError        the API answered with an error
│   └── NotFound    the thing asked for does not exist
└── Unsupported     the configuration asks for what the table does not have
"""

from __future__ import annotations


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

"""The one error of the local cloud: what Google's APIs answer when they refuse."""

from __future__ import annotations

from typing import Any, Self

_REASONS = {
    400: "invalid",
    401: "authError",
    403: "forbidden",
    404: "notFound",
    409: "conflict",
    412: "conditionNotMet",
    416: "requestedRangeNotSatisfiable",
    429: "rateLimitExceeded",
    501: "notImplemented",
    503: "backendError",
}

_RPC_NUMBERS = {
    "INVALID_ARGUMENT": 3,
    "NOT_FOUND": 5,
    "ALREADY_EXISTS": 6,
    "PERMISSION_DENIED": 7,
    "RESOURCE_EXHAUSTED": 8,
    "FAILED_PRECONDITION": 9,
    "ABORTED": 10,
    "UNIMPLEMENTED": 12,
    "INTERNAL": 13,
    "UNAVAILABLE": 14,
    "UNAUTHENTICATED": 16,
}


class ApiError(Exception):
    """A refusal in Google's form: HTTP code, google.rpc status name, message, details, when to ask again."""

    def __init__(  # noqa: PLR0913 - what an answer of Google's carries
        self,
        code: int,
        status: str,
        message: str,
        *,
        details: list[dict[str, Any]] | None = None,
        reason: str | None = None,
        retry_after_seconds: int | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.message = message
        self.details = details or []
        self.retry_after_seconds = retry_after_seconds
        self.reason = reason or _REASONS.get(code, "backendError")

    @classmethod
    def invalid(cls, message: str, *, details: list[dict[str, Any]] | None = None) -> Self:
        """Return a 400 for an argument that can never be accepted."""
        return cls(400, "INVALID_ARGUMENT", message, details=details)

    @classmethod
    def failed_precondition(cls, message: str) -> Self:
        """Return a 400 for a request that the present state forbids."""
        return cls(400, "FAILED_PRECONDITION", message)

    @classmethod
    def unauthenticated(cls, message: str) -> Self:
        """Return a 401."""
        return cls(401, "UNAUTHENTICATED", message)

    @classmethod
    def denied(cls, message: str, *, details: list[dict[str, Any]] | None = None) -> Self:
        """Return a 403."""
        return cls(403, "PERMISSION_DENIED", message, details=details)

    @classmethod
    def not_found(cls, message: str) -> Self:
        """Return a 404."""
        return cls(404, "NOT_FOUND", message)

    @classmethod
    def already_exists(cls, message: str) -> Self:
        """Return a 409 for a name that is taken."""
        return cls(409, "ALREADY_EXISTS", message)

    @classmethod
    def aborted(cls, message: str) -> Self:
        """Return a 409 for a lost race, such as an outdated etag."""
        return cls(409, "ABORTED", message)

    @classmethod
    def precondition_failed(cls, message: str) -> Self:
        """Return a 412: Cloud Storage's answer to a stale precondition."""
        return cls(412, "FAILED_PRECONDITION", message)

    @classmethod
    def unimplemented(cls, method_id: str) -> Self:
        """Return a 501 for a method of Google's that nobody has written here."""
        return cls(501, "UNIMPLEMENTED", f"{method_id} is not implemented by localcloud; see `localcloud status`")

    @classmethod
    def unavailable(cls, message: str) -> Self:
        """Return a 503, which clients may retry."""
        return cls(503, "UNAVAILABLE", message)

    def as_json(self) -> dict[str, Any]:
        """Return the body that Google's HTTP APIs send."""
        error: dict[str, Any] = {
            "code": self.code,
            "message": self.message,
            "errors": [{"message": self.message, "domain": "global", "reason": self.reason}],
            "status": self.status,
        }
        if self.details:
            error["details"] = self.details
        return {"error": error}

    def as_rpc_status(self) -> dict[str, Any]:
        """Return the google.rpc.Status that a failed long-running operation carries."""
        status: dict[str, Any] = {"code": _RPC_NUMBERS.get(self.status, 2), "message": self.message}
        if self.details:
            status["details"] = self.details
        return status

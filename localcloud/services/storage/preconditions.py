"""Preconditions on generation and metageneration: 412 when stale, and then nothing changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from localcloud.core.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Mapping

_MESSAGE = "At least one of the pre-conditions you specified did not hold."


@dataclass(frozen=True, slots=True)
class Preconditions:
    """What the caller demands of a bucket or object; None is no demand."""

    generation: int | None = None
    not_generation: int | None = None
    metageneration: int | None = None
    not_metageneration: int | None = None

    @classmethod
    def of_query(cls, query: Mapping[str, str], word: str = "if") -> Self:
        """Return the demands of a query; word is `ifSource` for the source of a copy. Raises ApiError 400."""
        return cls(
            _number(query, f"{word}GenerationMatch"),
            _number(query, f"{word}GenerationNotMatch"),
            _number(query, f"{word}MetagenerationMatch"),
            _number(query, f"{word}MetagenerationNotMatch"),
        )

    @classmethod
    def of_headers(cls, headers: Mapping[str, str]) -> Self:
        """Return the demands of an XML API request. Raises ApiError 400."""
        return cls(
            generation=_number(headers, "X-Goog-If-Generation-Match"),
            metageneration=_number(headers, "X-Goog-If-Metageneration-Match"),
        )

    def check(self, found: Mapping[str, Any] | None) -> None:
        """Raise ApiError 412 unless what is found (None: nothing) meets the demands. Generation 0 is nothing."""
        generation = int(found["generation"]) if found and "generation" in found else 0
        metageneration = int(found["metageneration"]) if found else 0
        if (
            self.generation not in {None, generation}
            or self.metageneration not in {None, metageneration}
            or self.not_generation == generation
            or (found is not None and self.not_metageneration == metageneration)
        ):
            raise failed()

    def check_read(self, found: Mapping[str, Any]) -> None:
        """Raise ApiError 412 for a failed match, 304 for a failed not-match."""
        Preconditions(generation=self.generation, metageneration=self.metageneration).check(found)
        try:
            self.check(found)
        except ApiError:
            raise ApiError(304, "NOT_MODIFIED", "Not Modified") from None


def failed() -> ApiError:
    """Return Cloud Storage's 412."""
    return ApiError.precondition_failed(_MESSAGE)


def _number(values: Mapping[str, str], name: str) -> int | None:
    text = values.get(name)
    if text is None or text == "":
        return None
    try:
        return int(text)
    except ValueError:
        raise ApiError.invalid(f"Invalid value for {name}: {text!r} is not a number") from None

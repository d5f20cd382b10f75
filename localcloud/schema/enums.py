"""The numbers of enum values. Google's REST clients may send numbers, and discovery documents list names only.

The numbers are read from the source of Google's own client libraries, without importing them: an import of
aiplatform_v1 costs 100 MB. Where no library is installed, the order of the names stands for the numbers.
"""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PACKAGES = {
    ("aiplatform", "v1"): "google.cloud.aiplatform_v1",
    ("artifactregistry", "v1"): "google.cloud.artifactregistry_v1",
    ("cloudfunctions", "v2"): "google.cloud.functions_v2",
    ("cloudresourcemanager", "v3"): "google.cloud.resourcemanager_v3",
    ("cloudscheduler", "v1"): "google.cloud.scheduler_v1",
    ("firestore", "v1"): "google.cloud.firestore_admin_v1",
    ("run", "v2"): "google.cloud.run_v2",
    ("secretmanager", "v1"): "google.cloud.secretmanager_v1",
}
_ENUM = re.compile(r"^ *class \w+\(proto\.Enum\):\n(?:.*\n)*?((?: +[A-Za-z]\w* = -?\d+\n)+)", re.MULTILINE)
_VALUE = re.compile(r"([A-Za-z]\w*) = (-?\d+)")
_LEAST_COMMON = 2
UNKNOWN = -1


class EnumNumbers:
    """The enums of one API version's client library."""

    def __init__(self, api: str, version: str) -> None:
        self._enums = list(_enums(_PACKAGES.get((api, version), "")))

    def of(self, names: Sequence[str]) -> list[int] | None:
        """Return the number of each name, or None when the order of the names says it already.

        A name that only the discovery document knows has the number UNKNOWN.
        """
        wanted = set(names)
        fitting = [enum for enum in self._enums if names[0] in enum and _overlaps(wanted, set(enum))]
        if not fitting:
            return None
        best = max(fitting, key=lambda enum: (len(wanted & set(enum)), -len(enum)))
        numbers = [best.get(name, UNKNOWN) for name in names]
        return None if numbers == list(range(len(names))) else numbers


def _overlaps(wanted: set[str], known: set[str]) -> bool:
    """Whether they are one enum of two ages: one holds the other, and not only the unspecified value."""
    return (wanted <= known or known <= wanted) and len(wanted & known) >= min(_LEAST_COMMON, len(wanted))


def _enums(package: str) -> Iterator[dict[str, int]]:
    try:
        parent = importlib.util.find_spec("google.cloud")
    except ModuleNotFoundError:
        parent = None
    name = package.rpartition(".")[2]
    for place in (parent.submodule_search_locations or []) if parent and name else []:
        for source in sorted((Path(place) / name / "types").glob("*.py")):
            for body in _ENUM.findall(source.read_text()):
                yield {value: int(number) for value, number in _VALUE.findall(body)}

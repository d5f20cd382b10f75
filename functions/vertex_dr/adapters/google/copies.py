"""The selector's copies in all their places: each is read and written on its own, so that a dark one costs no other.

A copy is never a mutable `latest`: an overwrite in flight when a region dies would make that name unreadable. The
places are versions of one secret with automatic replication, and objects of the artifact bucket, named by epoch.
Reference: https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets.versions/access,
https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets/addVersion,
https://cloud.google.com/storage/docs/json_api/v1/objects/list
and https://cloud.google.com/storage/docs/json_api/v1/objects/insert
"""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple, Protocol

from vertex_dr.adapters.google.storage.download import download
from vertex_dr.kernel.errors import DamagedRecord, NotFound, Refused, VertexDrError
from vertex_dr.kernel.records import from_json, to_json
from vertex_dr.traffic.records import CopyState, Selector

if TYPE_CHECKING:
    from collections.abc import Callable

    from vertex_dr.adapters.google.clients import Clients

__all__ = ["CopyPlace", "GoogleCopies", "SecretManagerCopies", "StorageCopies"]

READ_SECONDS = 1.5
WRITE_SECONDS = 5.0
# A late writer may add a lower epoch after a higher one, and a version may be disabled: so many of the newest are read.
_NEWEST_VERSIONS = 5
_ENOUGH_READABLE = 2


class CopyPlace(Protocol):
    """One place of copies."""

    @property
    def name(self) -> str:
        """What reports call the place."""
        ...

    def newest(self) -> Selector | None:
        """Return the selector of the highest epoch there, or None when there is none. Raises the kernel's errors."""
        ...

    def add(self, selector: Selector) -> None:
        """Make the place hold that selector beside the older ones. Raises the kernel's errors."""
        ...


class GoogleCopies:
    """Implements Copies; all places are asked at once."""

    def __init__(self, *places: CopyPlace) -> None:
        self._places = places

    def states(self) -> tuple[CopyState, ...]:
        """Return what each place holds."""
        with ThreadPoolExecutor(max_workers=len(self._places)) as threads:
            return tuple(threads.map(_state, self._places))

    def write_missing(self, selector: Selector) -> tuple[CopyState, ...]:
        """Make each place hold this epoch or a higher one, and return what each holds; repeating is safe."""
        return tuple(
            state
            if state.selector is not None and state.selector.epoch >= selector.epoch
            else _written(place, selector)
            for place, state in zip(self._places, self.states(), strict=True)
        )


def _state(place: CopyPlace) -> CopyState:
    try:
        return CopyState(place=place.name, selector=place.newest())
    except VertexDrError as exc:
        return CopyState(place=place.name, selector=None, problem=str(exc))


def _written(place: CopyPlace, selector: Selector) -> CopyState:
    try:
        place.add(selector)
    except VertexDrError as exc:
        return CopyState(place=place.name, selector=None, problem=str(exc))
    return CopyState(place=place.name, selector=selector)


class SecretManagerCopies:
    """The place of copies in a secret: each version is a copy, and the one of the highest epoch is the newest.

    Only access by number is strongly consistent; `latest` and lists may be stale for hours:
    https://cloud.google.com/secret-manager/docs/reference/consistency
    """

    def __init__(self, clients: Clients) -> None:
        self._http = clients.http
        self._secret = f"projects/{clients.settings.project}/secrets/{clients.settings.selector_secret}"
        self._url = f"{clients.url('secretmanager')}/v1/{self._secret}"
        self._highest_known = 0

    @property
    def name(self) -> str:
        """What reports call the place."""
        return f"secret {self._secret}"

    def newest(self) -> Selector | None:
        """Return the selector of the highest epoch among the newest versions, or None when there is no version.

        `latest` may lag or be disabled, so the highest number is searched for from what `latest` names and from what
        this object has seen or written: numbers are given in order and never again. Versions that are disabled,
        destroyed or damaged are passed over. Raises Refused when no one of the newest can be read.
        """
        read = _Reader(self._read)
        highest = self._highest_known = self._highest(read)
        readable: list[Selector] = []
        unreadable: list[str] = []
        for number in range(highest, max(highest - _NEWEST_VERSIONS, 0), -1):
            version = read(number)
            if version.selector is not None:
                readable.append(version.selector)
            elif version.problem:
                unreadable.append(f"version {number}: {version.problem}")
            if len(readable) == _ENOUGH_READABLE:
                break
        if unreadable and not readable:
            raise Refused(
                f"read the selector's copy in {self._secret}",
                found=f"none of its newest versions can be read: {'; '.join(unreadable)}",
                then="enable the newest intact version; the next flip writes another one",
            )
        return max(readable, key=lambda one: one.epoch, default=None)

    def _highest(self, read: _Reader) -> int:
        """Return the number of the newest version, 0 when there is none."""
        lowest = read.latest().number
        if self._highest_known > lowest and read(self._highest_known).exists:  # else the secret was made again
            lowest = self._highest_known
        step = 1
        while read(lowest + step).exists:
            lowest, step = lowest + step, step * 2
        # It lies at or above the last number that exists and below the first that does not.
        while step > 1:
            step //= 2
            if read(lowest + step).exists:
                lowest += step
        return lowest

    def add(self, selector: Selector) -> None:
        """Make the selector the secret's newest version."""
        added = self._http.post_json(
            f"{self._url}:addVersion",
            {"payload": {"data": base64.b64encode(to_json(selector)).decode()}},
            tried=f"write epoch {selector.epoch} to {self.name}",
            timeout_seconds=WRITE_SECONDS,
            then="the next run of probe_region writes it",
        )
        self._highest_known = max(self._highest_known, _number(str(added.get("name", ""))))

    def _read(self, version: str) -> _Version:
        try:
            answer = self._http.get_json(
                f"{self._url}/versions/{version}:access",
                tried=f"read the selector's copy in {self._secret}, version {version}",
                timeout_seconds=READ_SECONDS,
            )
        except NotFound:
            return _Version(number=0, exists=False)
        except Refused as refused:  # FAILED_PRECONDITION: the version is disabled or destroyed
            return _Version(number=_number(version), exists=True, problem=refused.found)
        name = str(answer.get("name", ""))
        try:
            data = base64.b64decode(answer.get("payload", {}).get("data", ""))
            selector = from_json(Selector, data, source=name)
        except (DamagedRecord, ValueError) as damaged:
            return _Version(number=_number(name), exists=True, problem=str(damaged))
        return _Version(number=_number(name), exists=True, selector=selector)


class _Version(NamedTuple):
    """One answer of the secret: number 0 when it is not known; no selector when it cannot be read, and why."""

    number: int
    exists: bool
    selector: Selector | None = None
    problem: str = ""


class _Reader:
    """Reads each version once."""

    def __init__(self, read: Callable[[str], _Version]) -> None:
        self._ask = read
        self._known: dict[int, _Version] = {}

    def __call__(self, number: int) -> _Version:
        if number not in self._known:
            self._known[number] = self._ask(str(number))
        return self._known[number]

    def latest(self) -> _Version:
        """Return what `latest` names: number 0 when it names nothing, or something that cannot be read."""
        found = self._ask("latest")
        if found.number:
            self._known[found.number] = found
        return found


def _number(version_name: str) -> int:
    digits = version_name.rpartition("/")[2]
    return int(digits) if digits.isdigit() else 0


class StorageCopies:
    """The place of copies in the artifact bucket; epochs are zero-padded, so the last name is the newest copy."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._bucket = clients.settings.artifact_bucket
        self._prefix = f"selectors/{clients.settings.service}/"

    @property
    def name(self) -> str:
        """What reports call the place."""
        return f"gs://{self._bucket}/{self._prefix}"

    def newest(self) -> Selector | None:
        """Return the selector of the last object by name, or None when there is no object."""
        tried = f"read the selector's copies in {self.name}"
        last = max(self._names(tried), default=None)
        if last is None:
            return None
        data = download(self._clients, self._bucket, last, tried=tried, timeout_seconds=READ_SECONDS)
        return from_json(Selector, data, source=f"gs://{self._bucket}/{last}")

    def add(self, selector: Selector) -> None:
        """Make the object of that epoch exist."""
        try:
            self._clients.http.send(
                "POST",
                f"{self._clients.url('storage')}/upload/storage/v1/b/{self._bucket}/o",
                tried=f"write epoch {selector.epoch} to {self.name}",
                timeout_seconds=WRITE_SECONDS,
                then="the next run of probe_region writes it",
                params={
                    "uploadType": "media",
                    "name": f"{self._prefix}{selector.epoch:020d}.json",
                    "ifGenerationMatch": "0",
                },
                data=to_json(selector),
                headers={"Content-Type": "application/json"},
            )
        except Refused:
            # Another controller may have written this epoch's copy first, and then it is the same; any other refusal
            # leaves none.
            newest = self.newest()
            if newest is None or newest.epoch < selector.epoch:
                raise

    def _names(self, tried: str) -> list[str]:
        url = f"{self._clients.url('storage')}/storage/v1/b/{self._bucket}/o"
        params, names = {"prefix": self._prefix, "fields": "items(name),nextPageToken"}, []
        while True:
            page = self._clients.http.get_json(url, tried=tried, timeout_seconds=READ_SECONDS, params=params)
            names += [str(item["name"]) for item in page.get("items", [])]
            if "nextPageToken" not in page:
                return names
            params["pageToken"] = page["nextPageToken"]

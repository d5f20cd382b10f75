"""What a drill asks of Google and of vertex-dr; adapters in google/ and wiring answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from drill.evidence.records import Flip
    from vertex_dr.kernel.settings import Settings
    from vertex_dr.kernel.sides import Side
    from vertex_dr.replication.records import Inventory

__all__ = ["AcceptedFlip", "Attempt", "Capabilities", "Jobs", "PipelineRun", "User"]


class Attempt(Protocol):
    """How one run of a scheduled job ended: code 0 is well; seconds is how long the caller waited."""

    @property
    def code(self) -> int:
        """Return the status code, one of google.rpc's."""
        ...

    @property
    def message(self) -> str:
        """Return the status message."""
        ...

    @property
    def seconds(self) -> float:
        """Return how long the caller waited."""
        ...


class PipelineRun(Protocol):
    """One pipeline run of a region."""

    @property
    def name(self) -> str:
        """Return the run's full name."""
        ...

    @property
    def created_at(self) -> float:
        """Return when it was created, in epoch seconds."""
        ...


class User(Protocol):
    """A data scientist with Google's own SDK."""

    def prepare(self) -> None:
        """Load the SDK, which takes seconds; any other call does it too. Repeating is safe."""
        ...

    def stage(self, content: bytes, *, bucket: str, name: str) -> str:
        """Make the object hold the content, a new generation if it exists, and return its gs:// address."""
        ...

    def read(self, bucket: str, *, name: str) -> bytes:
        """Return the object's content."""
        ...

    def checksums(self, bucket: str, *, prefix: str) -> dict[str, str]:
        """Return the CRC32C of every object below the prefix, by its name."""
        ...

    def register(  # noqa: PLR0913 - a version has this much to say
        self,
        model: str,
        *,
        region: str,
        artifact: str,
        image: str,
        aliases: Sequence[str],
        labels: Mapping[str, str],
        description: str,
        version_description: str,
        is_default: bool,
    ) -> str:
        """Register the version in the region and return its number; repeating registers one more."""
        ...

    def predict(self, instances: Sequence[Any], *, region: str, endpoint: str) -> list[Any]:
        """Return the endpoint's predictions."""
        ...

    def pipeline_runs(self, *, region: str) -> Sequence[PipelineRun]:
        """Return the region's pipeline runs."""
        ...

    def rename_endpoint(self, *, region: str, endpoint: str, display_name: str) -> None:
        """Rename the endpoint by hand, as somebody would who does not know that Terraform owns it."""
        ...

    def serve_instead(self, *, region: str, endpoint: str, model: str, version: str) -> None:
        """Deploy that version with all traffic and take off what served before."""
        ...


class Jobs(Protocol):
    """Cloud Scheduler's jobs."""

    def run(self, job: str, *, region: str, timeout_seconds: float = 90) -> Attempt:
        """Start the job now and return how its attempt ended. Raises Unreachable when none ended in time."""
        ...

    def start(self, job: str, *, region: str) -> None:
        """Start the job now and return at once."""
        ...


class AcceptedFlip(Protocol):
    """One accepted change of the active side, with the instants that led to it where they were kept."""

    @property
    def flip(self) -> Flip:
        """Return what changed."""
        ...

    @property
    def detected_at(self) -> float | None:
        """Return when the last probe ended that the decision needed."""
        ...

    @property
    def decided_at(self) -> float | None:
        """Return when the decision was made."""
        ...


class Capabilities(Protocol):
    """What vertex-dr itself can do, as its operator's commands do it."""

    def inventory(self, settings: Settings) -> Inventory:
        """Return what the settings' side holds now."""
        ...

    def stage_imports(self, settings: Settings) -> None:
        """Do the part of the import that fills the own staging bucket, and no more. Repeating is safe."""
        ...

    def ensure_selector(self, settings: Settings) -> None:
        """Make the selector exist, at epoch 1 when it did not. Repeating is safe."""
        ...

    def active(self, settings: Settings) -> tuple[Side, int]:
        """Return the active side and the epoch. Raises Unreachable when Firestore does not answer."""
        ...

    def flips(self, settings: Settings) -> Sequence[AcceptedFlip]:
        """Return every accepted flip, oldest first."""
        ...

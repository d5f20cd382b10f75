"""Decide what registers the missing versions here and mends those that differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vertex_dr.replication.artifacts import ArtifactDigest
from vertex_dr.replication.layout import import_prefix, own_image, side_image
from vertex_dr.replication.steps import (
    DescribeVersion,
    Plan,
    SetAliases,
    Skipped,
    StageFile,
    Step,
    UploadVersion,
)

if TYPE_CHECKING:
    from vertex_dr.kernel.settings import Settings
    from vertex_dr.kernel.sides import Side
    from vertex_dr.replication.records import Drift, Inventory, ModelVersion, StaleVersion

__all__ = ["plan_import"]


def plan_import(settings: Settings, drift: Drift, target: Inventory, *, aliases_follow: Side) -> Plan:
    """Return the steps that register every version that is missing here, and mend those that differ.

    A version that cannot be registered is left out with the reason; the others are not held up by it.
    """
    steps: list[Step] = []
    skipped: list[Skipped] = []
    images = {image.identity for image in target.images}
    follow = aliases_follow == drift.source
    for version in drift.missing_versions:
        problem = _problem(settings, version, images)
        if problem is not None:
            skipped.append(problem)
            continue
        steps.extend(_replicate(settings, version, aliases=version.aliases if follow else ()))
    # Aliases of older replicas come after the uploads: an alias may only be moved to a version that exists.
    held = {
        (v.model, a) for v in (*drift.missing_versions, *(s.source for s in drift.stale_versions)) for a in v.aliases
    }
    for stale in drift.stale_versions:
        planned, left_out = _mend(stale, held=held)
        steps.extend(planned)
        skipped.extend(left_out)
    return Plan(
        entry_point="import_models",
        side=settings.side,
        epoch=drift.epoch,
        steps=tuple(steps),
        skipped=tuple(skipped),
    )


def _problem(settings: Settings, version: ModelVersion, images: set[str]) -> Skipped | None:
    if version.artifact is None:
        return Skipped(
            check="artifact-exported",
            subject=version.identity,
            problem=f"its artifact is not in the artifact bucket; run export_models on {version.origin.side}",
        )
    if version.model[:1].isdigit():
        return Skipped(
            check="model-replicated",
            subject=version.identity,
            problem=f"the model id {version.model} was given by the registry and cannot be had in another region; "
            "register the model with a model_id of your own",
        )
    reference = side_image(settings, version.container.image)
    if reference is not None and reference.digest is None:
        return Skipped(
            check="model-replicated",
            subject=version.identity,
            problem=f"the image reference {reference} has no digest; register the version with IMAGE@sha256:DIGEST",
        )
    if reference is not None and f"{reference.image}@{reference.digest}" not in images:
        return Skipped(
            check="image-mirrored",
            subject=version.identity,
            problem=f"the image {own_image(settings, version.container.image)} does not exist; run mirror_images on "
            f"{settings.side}",
        )
    return None


def _replicate(settings: Settings, version: ModelVersion, *, aliases: tuple[str, ...]) -> list[Step]:
    if version.artifact is None:
        return []
    staging = import_prefix(settings, version.model, version.origin)
    reason = f"{version.identity} is registered on {version.origin.side} and not on {settings.side}"
    steps: list[Step] = [
        StageFile(
            subject=version.identity,
            reason=reason,
            source=f"{version.artifact.uri}{name}",
            destination=f"{staging}{name}",
            expected=file,
        )
        for name, file in version.artifact.files.items()
    ]
    steps.append(
        UploadVersion(
            subject=version.identity,
            reason=reason,
            source=version,
            staged=ArtifactDigest.of(staging, version.artifact.files),
            image=own_image(settings, version.container.image),
            aliases=aliases,
        )
    )
    return steps


def _mend(stale: StaleVersion, *, held: set[tuple[str, str]]) -> tuple[list[Step], list[Skipped]]:
    steps: list[Step] = []
    differs = set(stale.differs)
    source, replica = stale.source, stale.replica
    if differs & {"display_name", "description", "version_description", "labels"}:
        steps.append(
            DescribeVersion(
                subject=source.identity,
                reason=f"the replica differs in {', '.join(sorted(differs - {'aliases', 'artifact', 'container'}))}",
                source=source,
                version=replica.version,
            )
        )
    if "aliases" in differs:
        # An alias has one holder a model and moves by being added elsewhere; `default` cannot be removed at all.
        surplus = set(replica.aliases) - set(source.aliases) - {"default"}
        remove = tuple(sorted(a for a in surplus if (source.model, a) not in held))
        add = tuple(sorted(set(source.aliases) - set(replica.aliases)))
        if add or remove:
            steps.append(
                SetAliases(
                    subject=source.identity,
                    reason=f"it has the aliases {_spelled(source.aliases)} on the active side, "
                    f"and {_spelled(replica.aliases)} here",
                    model=replica.model,
                    version=replica.version,
                    add=add,
                    remove=remove,
                )
            )
    fixed = differs & {"artifact", "container"}
    if not fixed:
        return steps, []
    skipped = Skipped(
        check="model-matches",
        subject=source.identity,
        problem=f"the replica (version {replica.version} here) differs in {', '.join(sorted(fixed))}, which cannot be "
        "changed in place; delete that version here and run import_models again",
    )
    return steps, [skipped]


def _spelled(names: tuple[str, ...]) -> str:
    return ", ".join(sorted(names)) or "none"

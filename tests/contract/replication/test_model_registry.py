from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from tests.contract.replication.project import new_version, staging
from vertex_dr.kernel.errors import BadInput, NotFound, Refused
from vertex_dr.kernel.sides import Side

if TYPE_CHECKING:
    from tests.contract.replication.project import Project


def test_a_version_is_registered_under_the_asked_model_id_and_shows_all_that_was_given(project: Project) -> None:
    models, new = (
        project.models(Side.PRIMARY),
        new_version(project, 3, labels={"team": "ml", "vertex-dr-origin": "dr-4"}),
    )

    version = models.upload(new)

    (seen,) = models.versions()
    assert (version, seen.version, seen.model) == ("1", "1", "diagnosis")
    assert (seen.display_name, seen.description, seen.version_description) == (
        "Diagnosis",
        "tells good from bad",
        "factor 3",
    )
    assert seen.labels == {"team": "ml", "vertex-dr-origin": "dr-4"}
    assert seen.container == new.container
    assert seen.created_at.tzinfo is not None


def test_the_next_upload_is_the_next_version_and_the_oldest_is_listed_first(project: Project) -> None:
    models = project.models(Side.PRIMARY)

    numbers = [models.upload(new_version(project, factor)) for factor in (3, 5, 7)]

    assert numbers == ["1", "2", "3"]
    assert [v.version for v in models.versions()] == ["1", "2", "3"]


def test_one_models_versions_are_listed_alone_and_a_model_that_does_not_exist_has_none(project: Project) -> None:
    models = project.models(Side.PRIMARY)
    models.upload(new_version(project, 3))
    models.upload(new_version(project, 5, model="prognosis"))

    assert [v.model for v in models.versions()] == ["diagnosis", "prognosis"]
    assert [(v.model, v.version) for v in models.versions("prognosis")] == [("prognosis", "1")]
    assert models.versions("nothing") == ()


def test_the_first_version_is_the_default_and_an_alias_moves_to_who_is_given_it(project: Project) -> None:
    models = project.models(Side.PRIMARY)
    models.upload(new_version(project, 3, aliases=("champion",)))

    models.upload(new_version(project, 5, aliases=("champion",)))

    assert {v.version: set(v.aliases) for v in models.versions()} == {"1": {"default"}, "2": {"champion"}}


def test_aliases_are_set_and_taken_away_and_repeating_is_safe(project: Project) -> None:
    models = project.models(Side.PRIMARY)
    models.upload(new_version(project, 3, aliases=("champion",)))
    models.upload(new_version(project, 5))

    for _ in range(2):
        models.set_aliases("diagnosis", "2", add=("default", "blue"), remove=())
        models.set_aliases("diagnosis", "1", add=(), remove=("champion",))

    assert {v.version: set(v.aliases) for v in models.versions()} == {"1": set(), "2": {"default", "blue"}}


def test_a_version_is_described_anew(project: Project) -> None:
    models, new = project.models(Side.PRIMARY), new_version(project, 3)
    models.upload(new)
    changed = msgspec.structs.replace(new, version_description="better", labels={"team": "ml", "tier": "gold"})

    models.describe(changed, version="1")

    (seen,) = models.versions()
    assert (seen.version_description, seen.labels) == ("better", {"team": "ml", "tier": "gold"})


def test_an_export_makes_a_folder_of_its_own_with_the_artifacts_files(project: Project) -> None:
    models = project.models(Side.PRIMARY)
    models.upload(new_version(project, 3))

    first = models.export("diagnosis", "1", to=f"{staging(project)}exports/")
    second = models.export("diagnosis", "1", to=f"{staging(project)}exports/")

    assert first != second
    assert first.startswith(f"{staging(project)}exports/")
    assert project.store.files(first) == project.store.files(f"{staging(project)}training/3/")


def test_an_upload_without_artifact_registers_nothing(project: Project) -> None:
    models, new = project.models(Side.PRIMARY), new_version(project, 3)

    with pytest.raises((BadInput, NotFound, Refused)):
        models.upload(msgspec.structs.replace(new, artifact_uri=f"{staging(project)}nothing/"))

    assert models.versions() == ()


def test_an_upload_whose_image_is_not_in_the_region_registers_nothing(project: Project) -> None:
    models, new = project.models(Side.PRIMARY), new_version(project, 3)
    image = new.container.image.partition("@")[0] + "@sha256:" + "0" * 64

    with pytest.raises((BadInput, NotFound, Refused)):
        models.upload(msgspec.structs.replace(new, container=msgspec.structs.replace(new.container, image=image)))

    assert models.versions() == ()


def test_aliases_of_a_version_that_does_not_exist_say_so(project: Project) -> None:
    with pytest.raises(NotFound):
        project.models(Side.PRIMARY).set_aliases("diagnosis", "9", add=("x",), remove=())


def test_a_version_whose_answer_was_lost_is_not_registered_again(project: Project) -> None:
    models, new = project.models(Side.PRIMARY), new_version(project, 3)

    numbers = [models.upload(new) for _ in range(2)]

    assert numbers == ["1", "1"]
    assert [one.version for one in models.versions()] == ["1"]

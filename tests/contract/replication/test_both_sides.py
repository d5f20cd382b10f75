"""The whole path on the local cloud, through wiring as the functions go: what one side has, the other predicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import stamina
from msgspec.structs import replace

from tests.contract.replication.project import GoogleProject, new_version
from tests.contract.two_sides import on
from vertex_dr.adapters.google.artifact_registry.images import ArtifactRegistryImages
from vertex_dr.kernel.errors import Refused, Unreachable
from vertex_dr.kernel.sides import Side
from vertex_dr.kernel.verdict import Verdict
from vertex_dr.wiring.entry_points import Capabilities
from vertex_dr.wiring.google_ports import GooglePorts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from tests.contract.two_sides import TwoSides


class ImpatientPorts(GooglePorts):
    """Google's ports, with image repositories that do not wait for a region that hangs."""

    def images(self, side: Side) -> ArtifactRegistryImages:
        return ArtifactRegistryImages(self.clients, side, list_seconds=0.3)


# The tag's own number, as the image adds it.
OFFSET = sum(b"v1")


@pytest.fixture
def trained(two_sides: TwoSides) -> TwoSides:
    """Primary has two versions deployed as declared, and a pipeline; both sides declare the model."""
    on(two_sides.primary).traffic.ensure_selector.run()
    project = GoogleProject(two_sides)
    models = project.models(Side.PRIMARY)
    models.upload(new_version(project, 3))
    models.upload(new_version(project, 5, aliases=("default", "champion")))
    two_sides.push_pipeline(two_sides.primary, "diagnosis-training")
    for settings in two_sides.settings.values():
        two_sides.declare(settings)
    on(two_sides.primary).replication.reconcile_models.run()
    return two_sides


@pytest.fixture
def exported_then_dark(trained: TwoSides, cloud: Any) -> Iterator[TwoSides]:
    """Primary has exported, dr has mirrored and published, and primary's region is dark."""
    on(trained.primary).replication.export_models.run()
    on(trained.dr).replication.mirror_images.run()
    on(trained.dr).replication.publish_pipelines.run()
    cloud.admin("POST", "outage", {"region": cloud.primary})
    yield trained
    cloud.admin("POST", "heal", {"region": cloud.primary})


def replicate(two_sides: TwoSides) -> list[Verdict]:
    uses = (
        on(two_sides.primary).replication.export_models,
        on(two_sides.dr).replication.mirror_images,
        on(two_sides.dr).replication.publish_pipelines,
        on(two_sides.dr).replication.import_models,
        on(two_sides.dr).replication.reconcile_models,
    )
    return [use.run().verdict for use in uses]


def test_a_replicated_model_predicts_the_same_on_the_other_side_and_a_second_round_has_nothing_to_do(
    trained: TwoSides,
) -> None:
    verdicts = replicate(trained)

    assert verdicts == [Verdict.PASS] * 5
    assert on(trained.dr).replication.verify_replicas.run().verdict is Verdict.PASS
    assert trained.predict(trained.dr, [1, 2]) == trained.predict(trained.primary, [1, 2])
    assert on(trained.dr).replication.verify_replicas.compare().is_empty
    again = (
        on(trained.primary).replication.export_models,
        on(trained.dr).replication.mirror_images,
        on(trained.dr).replication.publish_pipelines,
        on(trained.dr).replication.import_models,
        on(trained.dr).replication.reconcile_models,
    )
    assert [use.plan().steps for use in again] == [()] * 5


def test_one_byte_changed_in_staging_stops_that_version_and_is_named(trained: TwoSides) -> None:
    on(trained.primary).replication.export_models.run()
    on(trained.dr).replication.mirror_images.run()
    use = on(trained.dr).replication.import_models
    use.apply(use.plan().only("stage-file"))
    bucket = trained.dr.own.staging_bucket
    trained.write(bucket, "imports/diagnosis/primary-2/weights.json", b'{"factor": 6}')

    journal = on(trained.dr).replication.import_models.run()

    assert journal.verdict is Verdict.FAIL
    assert journal.proof is not None
    found = [f for f in journal.proof.findings if f.check == "artifact-intact"]
    assert [f.subject for f in found] == ["diagnosis@primary-2"]
    assert f"gs://{bucket}/imports/diagnosis/primary-2/weights.json" in found[0].found


def test_dr_imports_from_the_catalog_while_primary_is_dark(exported_then_dark: TwoSides) -> None:
    before = [1 * 5 + OFFSET, 2 * 5 + OFFSET]

    journal = on(exported_then_dark.dr).replication.import_models.run()

    assert journal.verdict is Verdict.PASS
    assert on(exported_then_dark.dr).replication.reconcile_models.run().verdict is Verdict.PASS
    assert exported_then_dark.predict(exported_then_dark.dr, [1, 2]) == before
    with pytest.raises(Unreachable):
        on(exported_then_dark.dr).replication.mirror_images.run()
    proof = on(exported_then_dark.dr).replication.verify_replicas.prove()
    assert proof.verdict is Verdict.PASS
    assert proof.findings[0].found.startswith("catalog 1 of ")


def test_a_region_that_accepts_and_never_answers_is_unreachable_in_time(two_sides: TwoSides, cloud: Any) -> None:
    on(two_sides.primary).traffic.ensure_selector.run()
    stamina.set_testing(True, attempts=2)
    impatient = Capabilities(two_sides.dr, ImpatientPorts(two_sides.dr))
    cloud.admin("POST", "outage", {"region": cloud.primary, "mode": "hanging"})

    try:
        with pytest.raises(Unreachable, match="list the images"):
            impatient.replication.mirror_images.plan()
    finally:
        stamina.set_testing(False)
        cloud.admin("POST", "heal", {"region": cloud.primary})


def test_only_the_active_sides_schedule_starts_the_pipeline(trained: TwoSides) -> None:
    on(trained.dr).replication.publish_pipelines.run()

    journal = on(trained.primary).replication.run_pipelines.run()

    assert journal.verdict is Verdict.PASS
    with pytest.raises(Refused, match="the selector names primary"):
        on(trained.dr).replication.run_pipelines.run()


def test_what_dr_has_and_primary_lacks_is_named(trained: TwoSides) -> None:
    replicate(trained)
    project = GoogleProject(trained)
    new = new_version(project, 9)
    folder = f"gs://{trained.dr.own.staging_bucket}/training/9/"
    project.put(f"{folder}weights.json", b'{"factor": 9}')
    container = replace(new.container, image=new.container.image.replace("europe-west4", "europe-west1"))
    project.models(Side.DR).upload(replace(new, artifact_uri=folder, container=container))

    assert on(trained.primary).traffic.plan_fail_back.ahead() == ("model version diagnosis@dr-3 is not on primary",)


def test_a_version_that_is_made_in_dr_beside_a_replica_reaches_primary(trained: TwoSides) -> None:
    replicate(trained)
    project = GoogleProject(trained)
    own_folder = f"gs://{trained.dr.own.staging_bucket}/training/11/"
    project.put(f"{own_folder}weights.json", b'{"factor": 11}')
    made = replace(new_version(project, 3), artifact_uri=own_folder, labels={"team": "night"})
    image = trained.push_image(trained.dr, "made-in-dr")
    project.models(Side.DR).upload(replace(made, container=replace(made.container, image=image)))

    held = on(trained.dr).replication.observer(Side.DR).observe().model_versions
    on(trained.dr).replication.export_models.run()
    on(trained.primary).replication.mirror_images.run()
    journal = on(trained.primary).replication.import_models.run()

    assert project.models(Side.DR).versions()[-1].labels["vertex-dr-origin"].startswith("primary-")
    assert str(held[-1].origin) == "dr-3"
    assert journal.verdict is Verdict.PASS
    assert project.models(Side.PRIMARY).versions()[-1].labels["vertex-dr-origin"] == "dr-3"

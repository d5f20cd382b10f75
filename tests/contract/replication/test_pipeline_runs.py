from __future__ import annotations

from typing import TYPE_CHECKING

from tests.contract.replication.project import PIPELINE
from vertex_dr.kernel.sides import Side

if TYPE_CHECKING:
    from tests.contract.replication.project import Project


def test_repeating_a_start_with_the_same_id_starts_nothing_more_and_names_the_same_run(project: Project) -> None:
    pipelines = project.pipelines(Side.PRIMARY)
    pipelines.publish("diagnosis-training", PIPELINE, tags=("latest",))
    version = pipelines.resolve("diagnosis-training", "latest")
    runs = project.runs(Side.PRIMARY)

    names = {
        runs.start(package="diagnosis-training", version=version, run_id="run-1", service_account=None)
        for _ in range(2)
    }

    assert len(names) == 1
    assert names.pop().endswith("/locations/europe-west4/pipelineJobs/run-1")

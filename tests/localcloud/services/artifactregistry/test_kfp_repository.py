"""KFP repositories, asked as kfp's own RegistryClient (2.17) asks: the same requests, without its installation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    import requests

PIPELINE = """
pipelineInfo:
  name: {name}
root:
  dag:
    tasks: {{}}
  inputDefinitions:
    parameters:
      rows: {{parameterType: NUMBER_INTEGER}}
      depth: {{parameterType: NUMBER_INTEGER, defaultValue: 3}}
schemaVersion: 2.1.0
sdkVersion: kfp-2.17.0
"""


class Repository:
    """A KFP repository of one side."""

    def __init__(self, side: Any, repository: str) -> None:
        self.side, self.id = side, repository
        self.host = f"https://{side.region}-kfp.pkg.dev/demo/{repository}"
        self.api = f"/artifactregistry/v1/{side.location}/repositories/{repository}/packages"

    def upload(self, text: str, tags: str = "") -> requests.Response:
        return self.side.cloud.session.post(
            self.host, data={"tags": tags} if tags else {}, files={"content": text}, timeout=60
        )

    def download(self, package: str, reference: str) -> requests.Response:
        return self.side.cloud.session.get(f"{self.host}/{package}/{reference}", timeout=60)

    def tags(self, package: str) -> dict[str, str]:
        found = self.side.call("GET", f"{self.api}/{package}/tags").json().get("tags", [])
        return {tag["name"].rpartition("/")[2]: tag["version"].rpartition("/")[2] for tag in found}


@pytest.fixture
def repository(primary: Any, unique: Callable[[str], str]) -> Repository:
    name = unique("pipelines")
    path = f"/artifactregistry/v1/{primary.location}/repositories?repository_id={name}"
    assert primary.call("POST", path, {"format": "KFP"}).status_code == 200
    return Repository(primary, name)


def test_an_uploaded_pipeline_is_downloaded_by_version_and_by_tag(repository: Repository) -> None:
    text = PIPELINE.format(name="training")

    package, version = repository.upload(text, "latest,v1").text.split("/")

    assert package == "training"
    assert repository.download(package, version).text == text
    assert repository.download(package, "latest").text == text
    assert repository.tags(package) == {"latest": version, "v1": version}


def test_a_pipelines_text_is_a_file(repository: Repository) -> None:
    text = PIPELINE.format(name="training")
    repository.upload(text)

    files = repository.side.call("GET", repository.api.replace("/packages", "/files")).json()["files"]

    assert [file["sizeBytes"] for file in files] == [str(len(text))]


def test_a_tag_follows_the_last_upload(repository: Repository) -> None:
    first = repository.upload(PIPELINE.format(name="training"), "latest").text.split("/")[1]
    second = repository.upload(PIPELINE.format(name="training") + "# changed\n", "latest").text.split("/")[1]

    versions = repository.side.call("GET", f"{repository.api}/training/versions?view=FULL").json()["versions"]

    assert repository.tags("training") == {"latest": second}
    assert [one["name"].rpartition("/")[2] for one in versions] == [second, first]
    assert [tag["name"].rpartition("/")[2] for tag in versions[0]["relatedTags"]] == ["latest"]


def test_the_same_pipeline_twice_is_one_version(repository: Repository) -> None:
    text = PIPELINE.format(name="training")

    answers = {repository.upload(text).text for _ in range(2)}

    assert len(answers) == 1
    assert len(repository.side.call("GET", f"{repository.api}/training/versions").json()["versions"]) == 1


def test_tags_are_made_moved_and_removed(repository: Repository) -> None:
    first = repository.upload(PIPELINE.format(name="training")).text.split("/")[1]
    second = repository.upload(PIPELINE.format(name="training") + "# changed\n").text.split("/")[1]
    side, api = repository.side, f"{repository.api}/training"
    version = f"{api.removeprefix('/artifactregistry/v1/')}/versions/"

    made = side.call("POST", f"{api}/tags?tagId=stable", {"name": "", "version": version + first})
    again = side.call("POST", f"{api}/tags?tagId=stable", {"version": version + first})
    moved = side.call("PATCH", f"{api}/tags/stable?updateMask=version", {"version": version + second})
    unknown = side.call("PATCH", f"{api}/tags/stable?updateMask=version", {"version": version + "sha256:0"})
    removed = side.call("DELETE", f"{api}/tags/stable")

    assert [one.status_code for one in (made, again, moved, unknown, removed)] == [200, 409, 200, 404, 200]
    assert moved.json()["version"].endswith(second)
    assert repository.tags("training") == {}


def test_a_deleted_version_and_package_are_gone(repository: Repository) -> None:
    version = repository.upload(PIPELINE.format(name="training"), "latest").text.split("/")[1]

    deleted = repository.side.call("DELETE", f"{repository.api}/training")

    assert deleted.json()["done"] is True
    assert repository.download("training", version).status_code == 404
    assert repository.side.call("GET", f"{repository.api}/training").status_code == 404


@pytest.mark.parametrize("text", ["no: pipeline", "- a list", ": {", PIPELINE.format(name="Bad_Name")])
def test_an_upload_that_is_no_pipeline_is_refused(repository: Repository, text: str) -> None:
    assert repository.upload(text).status_code == 400


def test_a_repository_of_another_region_is_unknown(repository: Repository, dr: Any) -> None:
    answer = dr.cloud.session.post(
        f"https://{dr.region}-kfp.pkg.dev/demo/{repository.id}", files={"content": "x"}, timeout=60
    )

    assert answer.status_code == 404
    assert "create it first" in answer.json()["error"]["message"]


def test_a_pipeline_job_takes_its_spec_from_the_template(repository: Repository) -> None:
    version = repository.upload(PIPELINE.format(name="training"), "latest").text.split("/")[1]
    side = repository.side
    uri = f"https://{side.region}-kfp.pkg.dev/demo/{repository.id}/training/{version}"
    runtime = {"gcsOutputDirectory": "gs://runs/here", "parameterValues": {"rows": 5}}

    job = side.vertex(
        "POST", "pipelineJobs", {"displayName": "run", "templateUri": uri, "runtimeConfig": runtime}
    ).json()
    listed = side.vertex("GET", "pipelineJobs").json()["pipelineJobs"]

    assert job["state"] == "PIPELINE_STATE_PENDING"
    assert job["templateMetadata"] == {"version": version}
    assert job["pipelineSpec"]["pipelineInfo"]["name"] == "training"
    assert job["name"] in [one["name"] for one in listed]


def test_a_cancelled_pipeline_job_is_over(repository: Repository) -> None:
    side = repository.side
    spec = {"pipelineInfo": {"name": "inline"}, "root": {"dag": {}}, "schemaVersion": "2.1.0"}
    job = side.vertex(
        "POST",
        "pipelineJobs?pipelineJobId=run",
        {"pipelineSpec": spec, "runtimeConfig": {"gcsOutputDirectory": "gs://r"}},
    ).json()

    first = side.vertex("POST", "pipelineJobs/run:cancel", {})
    second = side.vertex("POST", "pipelineJobs/run:cancel", {})
    state = side.vertex("GET", "pipelineJobs/run").json()["state"]
    side.vertex("DELETE", "pipelineJobs/run")

    assert job["name"].endswith("/pipelineJobs/run")
    assert (first.status_code, second.status_code, state) == (200, 400, "PIPELINE_STATE_CANCELLED")
    assert side.vertex("GET", "pipelineJobs/run").status_code == 404


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"templateUri": "https://example.com/pipeline.yaml"}, "template_uri"),
        ({"runtimeConfig": {"parameterValues": {"rows": 1}}}, "gcs_output_directory"),
        ({"runtimeConfig": {"gcsOutputDirectory": "gs://r"}}, "missing rows"),
        ({"runtimeConfig": {"gcsOutputDirectory": "gs://r", "parameterValues": {"rows": 1, "x": 1}}}, "unknown x"),
    ],
)
def test_a_pipeline_job_that_cannot_run_is_refused(repository: Repository, change: dict[str, Any], reason: str) -> None:
    version = repository.upload(PIPELINE.format(name="training"), "latest").text.split("/")[1]
    uri = f"https://{repository.side.region}-kfp.pkg.dev/demo/{repository.id}/training/{version}"

    answer = repository.side.vertex("POST", "pipelineJobs", {"templateUri": uri} | change)

    assert answer.status_code == 400
    assert reason in answer.json()["error"]["message"]


@pytest.mark.parametrize(("reference", "status"), [("latest", 500), ("none", 404), ("sha256:" + "0" * 64, 404)])
def test_a_pipeline_job_takes_no_template_by_tag_and_none_that_is_not_there(
    repository: Repository, reference: str, status: int
) -> None:
    repository.upload(PIPELINE.format(name="training"), "latest")
    uri = f"https://{repository.side.region}-kfp.pkg.dev/demo/{repository.id}/training/{reference}"
    runtime = {"gcsOutputDirectory": "gs://r", "parameterValues": {"rows": 1}}

    answer = repository.side.vertex("POST", "pipelineJobs", {"templateUri": uri, "runtimeConfig": runtime})

    assert answer.status_code == status

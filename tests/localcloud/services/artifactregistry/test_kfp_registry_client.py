"""kfp's own RegistryClient against localcloud, run in the environment that compiles the pipelines."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

KFP = Path(__file__).parents[4] / "build" / "kfp" / "bin" / "python"
PROGRAM = """
import json, sys
from kfp.registry import ApiAuth, RegistryClient

host, pipeline, target, token = sys.argv[1:]
client = RegistryClient(host=host, auth=ApiAuth(token))
package, version = client.upload_pipeline(pipeline, tags=["latest", "v1"])
client.create_tag(package, version, "stable")
downloaded = client.download_pipeline(package, tag="stable", file_name=target)
client.delete_tag(package, "v1")
print(json.dumps({
    "package": package,
    "version": version,
    "packages": client.list_packages(),
    "versions": client.list_versions(package),
    "tags": client.list_tags(package),
    "tag": client.get_tag(package, "stable"),
    "deleted": client.delete_package(package),
}))
"""
PIPELINE = "pipelineInfo: {name: training}\nroot: {dag: {tasks: {}}}\nschemaVersion: 2.1.0\nsdkVersion: kfp-2.17.0\n"


def test_kfps_client_publishes_tags_and_downloads(primary: Any, unique: Callable[[str], str], tmp_path: Path) -> None:
    if not KFP.exists():
        pytest.skip(f"{KFP} is missing: set-up makes it (scripts/build-pipeline)")
    repository = unique("pipelines")
    path = f"/artifactregistry/v1/{primary.location}/repositories"
    primary.call("POST", f"{path}?repository_id={repository}", {"format": "KFP"})
    (tmp_path / "pipeline.yaml").write_text(PIPELINE)
    files = [str(tmp_path / name) for name in ("pipeline.yaml", "got")]
    arguments = [f"https://{primary.region}-kfp.pkg.dev/demo/{repository}", *files, primary.cloud.token]

    done = subprocess.run([KFP, "-c", PROGRAM, *arguments], capture_output=True, text=True, check=False, timeout=120)

    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert (tmp_path / "got").read_text() == PIPELINE
    assert said["package"] == "training"
    assert [one["name"].rpartition("/")[2] for one in said["packages"]] == ["training"]
    assert [one["name"].rpartition("/")[2] for one in said["versions"]] == [said["version"]]
    assert sorted(one["name"].rpartition("/")[2] for one in said["tags"]) == ["latest", "stable"]
    assert said["tag"]["version"].endswith(said["version"])
    assert said["deleted"] is True

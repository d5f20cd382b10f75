"""Google's host names, and what each means."""

from __future__ import annotations

import pytest

from localcloud.core.addresses.hosts import Destination, Hosts, below_www

HOSTS = Hosts(("europe-west4", "europe-west1"))


@pytest.mark.parametrize(
    ("host", "meaning"),
    [
        ("storage.googleapis.com", Destination("storage")),
        ("STORAGE.GoogleAPIs.com.", Destination("storage")),
        ("europe-west4-aiplatform.googleapis.com", Destination("aiplatform", "europe-west4")),
        ("aiplatform.googleapis.com", Destination("aiplatform")),
        ("europe-west1-docker.pkg.dev", Destination("docker", "europe-west1")),
        ("europe-west4-kfp.pkg.dev", Destination("kfp", "europe-west4")),
        ("secretmanager.europe-west1.rep.googleapis.com", Destination("secretmanager", "europe-west1")),
        ("probe-abcdefghij-ez.a.run.app", Destination("run.app", "europe-west4")),
        ("probe-123456789012.europe-west1.run.app", Destination("run.app", "europe-west1")),
        ("europe-west4-demo.cloudfunctions.net", Destination("cloudfunctions.net", "europe-west4")),
        ("oauth2.googleapis.com", Destination("oauth2")),
        ("metadata.google.internal", Destination("metadata")),
        ("127.0.0.1", Destination("localcloud")),
    ],
)
def test_a_host_means_an_api_and_perhaps_a_region(host: str, meaning: Destination) -> None:
    assert HOSTS.find(host) == meaning


@pytest.mark.parametrize(
    "host",
    [
        "example.com",
        "bigquery.googleapis.com",
        "us-central1-aiplatform.googleapis.com",
        "europe-west4-storage.googleapis.com",
        "europe-west4.googleapis.com",
        "storage.googleapis.com.example.com",
        "us-central1-docker.pkg.dev",
        "probe-abcdefghij-uc.a.run.app",
        "probe-123456789012.us-central1.run.app",
        "us-central1-demo.cloudfunctions.net",
        "compute.europe-west4.rep.googleapis.com",
        "registry.terraform.io",
        "",
    ],
)
def test_every_other_host_is_not_served(host: str) -> None:
    assert HOSTS.find(host) is None


@pytest.mark.parametrize(
    ("path", "api"),
    [
        ("/storage/v1/b/x", "storage"),
        ("/upload/storage/v1/b/x/o", "storage"),
        ("/batch/storage/v1", "storage"),
        ("/compute/v1/projects/demo", "compute"),
        ("/oauth2/v3/certs", "oauth2"),
    ],
)
def test_the_old_host_of_all_apis_is_told_apart_by_path(path: str, api: str) -> None:
    assert below_www(path) == api

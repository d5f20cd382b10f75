"""The stand-in takes what the real provider takes, and never talks to anything but this machine."""

from __future__ import annotations

import pytest

from localcloud.terraform_provider.configuration import Configuration
from localcloud.terraform_provider.errors import ProviderError
from localcloud.terraform_provider.values import UNKNOWN

STORAGE = {"GOOGLE_STORAGE_CUSTOM_ENDPOINT": "http://127.0.0.1:9400/storage/v1/"}


def test_it_refuses_to_run_without_an_endpoint():
    with pytest.raises(ProviderError, match=r"never talks to Google: no custom endpoint is set .*localcloud env"):
        Configuration.of({}, {})


@pytest.mark.parametrize(
    "url",
    [
        "https://storage.googleapis.com/storage/v1/",
        "http://10.0.0.7:9400/storage/v1/",
        "http://localhost.example.com/storage/v1/",
        "http://127.0.0.1.example.com/storage/v1/",
    ],
)
def test_it_refuses_an_endpoint_that_is_not_on_this_machine(url: str):
    with pytest.raises(ProviderError, match="is not on this machine"):
        Configuration.of({"storage_custom_endpoint": url}, {})


@pytest.mark.parametrize("url", ["http://127.0.0.1:9400/storage/v1", "127.0.0.1:9400"])
def test_it_refuses_an_endpoint_of_another_shape(url: str):
    with pytest.raises(ProviderError, match="at least one path segment and a slash at its end"):
        Configuration.of({"storage_custom_endpoint": url}, {})


@pytest.mark.parametrize("host", ["127.0.0.1:9400", "localhost:9400", "[::1]:9400", "127.8.8.8"])
def test_it_takes_any_loopback_address(host: str):
    configured = Configuration.of({"storage_custom_endpoint": f"http://{host}/storage/v1/"}, {})

    assert configured.endpoint("storage") == f"http://{host}/storage/v1/"


def test_endpoint_that_is_missing_is_named_with_its_variable():
    configured = Configuration.of({}, STORAGE)

    with pytest.raises(ProviderError, match="GOOGLE_CLOUD_RUN_V2_CUSTOM_ENDPOINT"):
        configured.endpoint("cloud_run_v2")


def test_provider_block_wins_over_the_environment():
    environment = {**STORAGE, "GOOGLE_PROJECT": "other", "GOOGLE_REGION": "europe-west1"}

    configured = Configuration.of({"project": "demo", "region": None}, environment)

    assert (configured.project, configured.region) == ("demo", "europe-west1")
    assert configured.default("location") == "europe-west1"


def test_quota_project_counts_only_with_the_override():
    assert Configuration.of({"billing_project": "paying"}, STORAGE).quota_project == ""
    assert (
        Configuration.of({"billing_project": "paying", "user_project_override": True}, STORAGE).quota_project
        == "paying"
    )


def test_what_is_not_known_yet_is_as_if_it_were_not_set():
    configured = Configuration.of(
        {"project": UNKNOWN, "default_labels": UNKNOWN}, {**STORAGE, "GOOGLE_PROJECT": "demo"}
    )

    assert (configured.project, configured.default_labels) == ("demo", {})

"""The stand-in takes what the real provider takes, and never talks to anything but the local cloud's proxy."""

from __future__ import annotations

from pathlib import Path

import pytest

from localcloud.core.addresses.authority import Authority
from localcloud.terraform_provider.configuration import GOOGLE, Configuration
from localcloud.terraform_provider.errors import ProviderError
from localcloud.terraform_provider.schemas.resource_types import RESOURCES
from localcloud.terraform_provider.values import UNKNOWN

PROXY = "http://127.0.0.1:9400"


@pytest.fixture(scope="module")
def trusting(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment of which the stand-in takes everything."""
    return {"HTTPS_PROXY": PROXY, "SSL_CERT_FILE": str(Authority.kept_in(tmp_path_factory.mktemp("state")).file)}


def test_it_refuses_to_run_without_a_proxy(trusting: dict[str, str]):
    with pytest.raises(ProviderError, match=r"never talks to Google: HTTPS_PROXY is not set.*localcloud env"):
        Configuration.of({}, trusting | {"HTTPS_PROXY": ""})


@pytest.mark.parametrize("host", ["proxy.example.com:3128", "10.0.0.7:9400", "localhost.example.com", "127.0.0.1.x.de"])
def test_it_refuses_a_proxy_that_is_not_on_this_machine(trusting: dict[str, str], host: str):
    with pytest.raises(ProviderError, match="which is not on this machine"):
        Configuration.of({}, trusting | {"HTTPS_PROXY": f"http://{host}"})


@pytest.mark.parametrize("host", ["127.0.0.1:9400", "localhost:9400", "[::1]:9400", "127.8.8.8:1"])
def test_it_takes_any_loopback_address(trusting: dict[str, str], host: str):
    assert Configuration.of({}, trusting | {"HTTPS_PROXY": f"http://{host}"}).proxy == host


def test_it_trusts_the_local_clouds_authority_and_nobody_else(trusting: dict[str, str], tmp_path: Path):
    both = tmp_path / "both.pem"
    other = Authority.kept_in(tmp_path / "other").file.read_text()
    both.write_text(Path(trusting["SSL_CERT_FILE"]).read_text() + other)

    with pytest.raises(ProviderError, match="which trusts 2 authorities, not localcloud's alone"):
        Configuration.of({}, trusting | {"SSL_CERT_FILE": str(both)})
    with pytest.raises(ProviderError, match="SSL_CERT_FILE is not set"):
        Configuration.of({}, {"HTTPS_PROXY": PROXY})
    with pytest.raises(ProviderError, match="which cannot be read"):
        Configuration.of({}, trusting | {"SSL_CERT_FILE": str(tmp_path / "absent.pem")})


@pytest.mark.parametrize("url", ["https://storage.googleapis.com/storage/v1/", "http://127.0.0.1:9400/storage/v1/"])
def test_no_address_of_googles_is_overridden(trusting: dict[str, str], url: str):
    with pytest.raises(ProviderError, match="unset GOOGLE_STORAGE_CUSTOM_ENDPOINT"):
        Configuration.of({"storage_custom_endpoint": url}, trusting)
    with pytest.raises(ProviderError, match="unset GOOGLE_STORAGE_CUSTOM_ENDPOINT"):
        Configuration.of({}, trusting | {"GOOGLE_STORAGE_CUSTOM_ENDPOINT": url})


def test_every_resource_type_has_an_address_of_googles():
    assert {resource.endpoint for resource in RESOURCES.values()} <= GOOGLE.keys()


def test_a_regional_address_is_the_resources_or_else_the_providers(trusting: dict[str, str]):
    configured = Configuration.of({"region": "europe-west1"}, trusting)
    zoned = Configuration.of({"zone": "europe-west1-b"}, trusting)
    nowhere = Configuration.of({}, trusting)

    assert configured.endpoint("vertex_ai", "europe-west4") == "https://europe-west4-aiplatform.googleapis.com/v1/"
    assert configured.endpoint("vertex_ai") == "https://europe-west1-aiplatform.googleapis.com/v1/"
    assert zoned.endpoint("vertex_ai") == "https://europe-west1-aiplatform.googleapis.com/v1/"
    with pytest.raises(ProviderError, match=r"^Cannot determine region: set in this resource, or set provider-level"):
        nowhere.endpoint("vertex_ai")


def test_provider_block_wins_over_the_environment(trusting: dict[str, str]):
    environment = {**trusting, "GOOGLE_PROJECT": "other", "GOOGLE_REGION": "europe-west1"}

    configured = Configuration.of({"project": "demo", "region": None}, environment)

    assert (configured.project, configured.region) == ("demo", "europe-west1")
    assert configured.default("location") == "europe-west1"


def test_quota_project_counts_only_with_the_override(trusting: dict[str, str]):
    assert Configuration.of({"billing_project": "paying"}, trusting).quota_project == ""
    assert (
        Configuration.of({"billing_project": "paying", "user_project_override": True}, trusting).quota_project
        == "paying"
    )


def test_what_is_not_known_yet_is_as_if_it_were_not_set(trusting: dict[str, str]):
    configured = Configuration.of(
        {"project": UNKNOWN, "default_labels": UNKNOWN}, {**trusting, "GOOGLE_PROJECT": "demo"}
    )

    assert (configured.project, configured.default_labels) == ("demo", {})

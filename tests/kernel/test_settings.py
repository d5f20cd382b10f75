from __future__ import annotations

import json

import pytest

from vertex_dr.kernel.errors import BadSettings
from vertex_dr.kernel.settings import Endpoints, Settings
from vertex_dr.kernel.sides import Side

SIDES = {
    side: {
        "region": region,
        "staging_bucket": f"staging-{region}",
        "image_repository": "vdr-images",
        "pipeline_repository": "vdr-pipelines",
        "endpoint": "424242",
    }
    for side, region in (("primary", "europe-west4"), ("dr", "europe-west1"))
}
COMPLETE = {
    "VERTEX_DR_PROJECT": "demo",
    "VERTEX_DR_SIDE": "dr",
    "VERTEX_DR_SERVICE": "diagnosis",
    "VERTEX_DR_SIDES": json.dumps(SIDES),
    "VERTEX_DR_ARTIFACT_BUCKET": "artifacts",
    "VERTEX_DR_SELECTOR_DATABASE": "vdr-selector",
    "VERTEX_DR_SELECTOR_SECRET": "vdr-selector-diagnosis",
}


def test_the_environment_that_terraform_makes_is_read() -> None:
    settings = Settings.from_environment(COMPLETE | {"VERTEX_DR_PIPELINE": '{"package": "training"}'})

    assert (settings.side, settings.own.region, settings.sides[Side.PRIMARY].region) == (
        Side.DR,
        "europe-west1",
        "europe-west4",
    )
    assert settings.pipeline is not None
    assert settings.pipeline.tag == "latest"


def test_all_problems_are_named_in_one_message() -> None:
    damaged = COMPLETE | {"VERTEX_DR_SIDE": "west", "VERTEX_DR_POLICY": "{", "VERTEX_DR_PROJECT": ""}

    with pytest.raises(BadSettings) as caught:
        Settings.from_environment(damaged)

    assert "VERTEX_DR_PROJECT is not set" in str(caught.value)
    assert "VERTEX_DR_SIDE is 'west', neither primary nor dr" in str(caught.value)
    assert "VERTEX_DR_POLICY cannot be read" in str(caught.value)


@pytest.mark.parametrize("missing", sorted(COMPLETE))
def test_each_required_variable_is_named_when_it_is_missing(missing: str) -> None:
    with pytest.raises(BadSettings, match=f"{missing} is not set"):
        Settings.from_environment({k: v for k, v in COMPLETE.items() if k != missing})


def test_one_side_alone_is_no_pair() -> None:
    with pytest.raises(BadSettings, match="must describe both primary and dr"):
        Settings.from_environment(COMPLETE | {"VERTEX_DR_SIDES": json.dumps({"dr": SIDES["dr"]})})


@pytest.mark.parametrize(
    ("value", "region", "url"),
    [
        ("http://127.0.0.1:9400", None, "http://127.0.0.1:9400"),
        (
            "https://{region}-aiplatform.googleapis.com",
            "europe-west4",
            "https://europe-west4-aiplatform.googleapis.com",
        ),
        ("europe-west4=http://a:1,europe-west1=http://b:2/x", "europe-west1", "http://b:2/x"),
    ],
)
def test_an_endpoint_is_a_url_a_pattern_or_a_list_of_regions(value: str, region: str | None, url: str) -> None:
    assert Endpoints(values={"docker": value}).of("docker", region) == url


def test_a_region_that_the_endpoint_does_not_list_is_named() -> None:
    endpoints = Endpoints(values={"docker": "europe-west4=http://a:1"})

    with pytest.raises(BadSettings, match="VERTEX_DR_ENDPOINT_DOCKER names only europe-west4"):
        endpoints.of("docker", "us-central1")


def test_googles_own_address_holds_where_nothing_is_set() -> None:
    assert Endpoints().of("docker", "europe-west4") is None

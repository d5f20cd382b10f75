from __future__ import annotations

import json

import pytest

from vertex_dr.kernel.errors import BadSettings
from vertex_dr.kernel.settings import Settings
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

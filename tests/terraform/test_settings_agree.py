"""What Terraform tells the functions is what the functions read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec

from vertex_dr.kernel.settings import PolicySettings, Settings
from vertex_dr.kernel.sides import Side

PLANNED = Path(__file__).parent / "golden" / "names.two-sides.json"


def planned_settings() -> dict[str, Any]:
    """Return the settings of dr as the example of modules/names plans them; test_examples.py keeps the file true."""
    settings: dict[str, Any] = json.loads(PLANNED.read_text())["outputs"]["settings"]
    return settings


def test_functions_read_every_setting_that_terraform_gives() -> None:
    settings = Settings.from_environment(planned_settings())

    assert settings.side is Side("dr")
    assert settings.own.region == "europe-west1"
    assert settings.sides[Side.PRIMARY].staging_bucket == "demo-vdr-staging-europe-west4"
    assert settings.pipeline is not None
    assert settings.pipeline.package == "diagnosis-training"


def test_both_have_the_same_default_policy() -> None:
    told = json.loads(planned_settings()["VERTEX_DR_POLICY"])

    assert told == msgspec.to_builtins(PolicySettings()), "change modules/names and kernel/settings.py together"

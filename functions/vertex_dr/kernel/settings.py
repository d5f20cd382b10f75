"""The one place that reads the environment.

Terraform's output `settings` and the functions' environment have these names. No setting is an address of Google's.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import msgspec

from vertex_dr.kernel.errors import BadSettings
from vertex_dr.kernel.records import Record
from vertex_dr.kernel.sides import Side

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PipelineSettings", "PolicySettings", "Settings", "SideSettings"]


class SideSettings(Record, frozen=True, kw_only=True):
    """What one side is made of; the ids are those that Terraform gave."""

    region: str
    staging_bucket: str
    image_repository: str
    pipeline_repository: str
    endpoint: str


class PolicySettings(Record, frozen=True, kw_only=True):
    """How often a side is probed, when probes decide, and the promised objectives; all times in seconds.

    After a failure the side is asked again after probe_confirm_seconds, until it answers or failures_to_act is reached.
    """

    probe_interval_seconds: float = 5
    probe_confirm_seconds: float = 1
    probe_window_seconds: float = 55
    failures_to_act: int = 3
    readiness_max_age_seconds: float = 3600
    rpo_objective_seconds: float = 3600
    rto_objective_seconds: float = 15


class PipelineSettings(Record, frozen=True, kw_only=True):
    """The pipeline that the schedule starts: a package of the side's pipeline repository, and who runs it."""

    package: str
    tag: str = "latest"
    service_account: str | None = None


class Settings(Record, frozen=True, kw_only=True):
    """Everything that the environment says, read once."""

    project: str
    side: Side
    service: str
    sides: dict[Side, SideSettings]
    artifact_bucket: str
    selector_database: str
    selector_secret: str
    policy: PolicySettings = PolicySettings()
    pipeline: PipelineSettings | None = None
    assess_url: str | None = None
    fail_over_url: str | None = None

    @property
    def own(self) -> SideSettings:
        """Return the settings of the side that this process runs on."""
        return self.sides[self.side]

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Return the settings that the environment holds.

        Raises BadSettings with every missing or unreadable variable in one message.
        """
        env = os.environ if environment is None else environment
        problems: list[str] = []

        def text(name: str) -> str:
            value = env.get(name, "")
            if not value:
                problems.append(f"{name} is not set")
            return value

        def parsed(name: str, kind: object, *, default: object = None, required: bool = False) -> object:
            value = env.get(name, "")
            if not value:
                if required:
                    problems.append(f"{name} is not set")
                return default
            try:
                return msgspec.json.decode(value, type=kind)
            except msgspec.MsgspecError as exc:
                problems.append(f"{name} cannot be read ({exc})")
                return default

        side_text = text("VERTEX_DR_SIDE")
        if side_text and side_text not in {s.value for s in Side}:
            problems.append(f"VERTEX_DR_SIDE is {side_text!r}, neither primary nor dr")
        sides = parsed("VERTEX_DR_SIDES", dict[Side, SideSettings], default={}, required=True)
        if isinstance(sides, dict) and sides and set(sides) != set(Side):
            problems.append("VERTEX_DR_SIDES must describe both primary and dr")
        values = {
            "project": text("VERTEX_DR_PROJECT"),
            "service": text("VERTEX_DR_SERVICE"),
            "artifact_bucket": text("VERTEX_DR_ARTIFACT_BUCKET"),
            "selector_database": text("VERTEX_DR_SELECTOR_DATABASE"),
            "selector_secret": text("VERTEX_DR_SELECTOR_SECRET"),
            "sides": sides,
            "policy": parsed("VERTEX_DR_POLICY", PolicySettings, default=PolicySettings()),
            "pipeline": parsed("VERTEX_DR_PIPELINE", PipelineSettings),
            "assess_url": env.get("VERTEX_DR_ASSESS_URL") or None,
            "fail_over_url": env.get("VERTEX_DR_FAIL_OVER_URL") or None,
        }
        if problems:
            raise BadSettings(
                "read the settings from the environment",
                found="; ".join(problems),
                then='take them from Terraform: eval "$(scripts/settings primary)" or eval "$(scripts/settings dr)"',
            )
        return cls(side=Side(side_text), **values)  # type: ignore[arg-type] # each value was checked above

"""What the user declares before anything is applied: the tfvars of the three environments, read by Terraform itself.

There is no state and no output yet, so `declared/` is planned with each environment's tfvars: the names are those of
modules/names, its checks are done, and neither provider nor cloud is asked.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from preflight.records import Bucket, Declaration, Machine, NameKind, Resource
from vertex_dr.kernel.errors import BadInput, NotFound
from vertex_dr.kernel.sides import Side

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["declaration_in", "declared_by"]

_ROOT = Path(__file__).with_name("declared")
_ENVIRONMENTS = ("global", "primary", "dr")
_ALIKE = ("project", "service", "regions")


def declaration_in(environments: Path, *, terraform: str = "terraform") -> Declaration:
    """Return what the tfvars in these folders (terraform/envs) declare; nothing is left behind.

    Raises NotFound for a missing file or no Terraform, and BadInput, in Terraform's words, for values that it refuses.
    """
    with tempfile.TemporaryDirectory(prefix="vertex-dr-preflight-") as folder:
        run = _Terraform(terraform, Path(folder))
        run("init", "-backend=false", "-input=false")
        return declared_by({name: run.declared(environments / name / "terraform.tfvars") for name in _ENVIRONMENTS})


def declared_by(plans: Mapping[str, Mapping[str, Any]]) -> Declaration:
    """Return the declaration that the outputs `declared` of the three environments amount to."""
    common = plans["global"]
    project, regions = common["project"], {side: common["regions"][side] for side in Side}
    machines = [
        Machine(
            side=side,
            model=model,
            machine_type=serving["machine_type"],
            min_replicas=serving["min_replicas"],
            max_replicas=serving["max_replicas"],
        )
        for side in Side
        for model, serving in sorted(plans[side]["models"].items())
    ]
    pools = {side: plans[side]["worker_pools"][side] for side in Side if side in plans[side]["worker_pools"]}
    return Declaration(
        project=project,
        service=common["service"],
        regions=regions,
        bucket_multi_region=common["multi_regions"]["bucket"],
        database_location=common["multi_regions"]["database"],
        machines=tuple(machines),
        worker_pools=pools,
        buckets=tuple(_buckets(common)),
        resources=tuple(_resources(common)),
        settings=common["settings"],
        state_project=common["state_project"],
        disagreements=tuple(
            f"{key} is {plans[name][key]} in {name} and {common[key]} in global"
            for name in _ENVIRONMENTS[1:]
            for key in _ALIKE
            if plans[name][key] != common[key]
        ),
    )


def _buckets(common: Mapping[str, Any]) -> Iterator[Bucket]:
    multi_region, regions = common["multi_regions"]["bucket"], common["regions"]
    names = common["names"]
    yield Bucket(name=names["state_buckets"]["global"], location=multi_region)
    for side in Side:
        yield Bucket(name=names["state_buckets"][side], location=regions[side])
        yield Bucket(name=common["sides"][side]["staging_bucket"], location=regions[side])
    yield Bucket(name=names["artifact_bucket"], location=multi_region, data_locations=tuple(sorted(regions.values())))


def _resources(common: Mapping[str, Any]) -> Iterator[Resource]:
    project, selector = f"projects/{common['project']}", common["names"]["selector"]
    yield Resource(kind=NameKind.DATABASE, name=f"{project}/databases/{selector['database']}")
    yield Resource(kind=NameKind.SECRET, name=f"{project}/secrets/{selector['secret']}")
    yield Resource(kind=NameKind.TOPIC, name=f"{project}/topics/gcr")
    for side in Side:
        place, own = f"{project}/locations/{common['regions'][side]}", common["sides"][side]
        yield Resource(kind=NameKind.ENDPOINT, name=f"{place}/endpoints/{own['endpoint']}")
        for repository in (own["image_repository"], own["pipeline_repository"]):
            yield Resource(kind=NameKind.REPOSITORY, name=f"{place}/repositories/{repository}")
        for function in common["functions"]:
            yield Resource(kind=NameKind.FUNCTION, name=f"{place}/functions/{function}")
        for account in common["account_ids"][side].values():
            email = f"{account}@{common['project']}.iam.gserviceaccount.com"
            yield Resource(kind=NameKind.SERVICE_ACCOUNT, name=f"{project}/serviceAccounts/{email}")


class _Terraform:
    """Terraform on `declared/`, with its data in a folder of this run's own."""

    def __init__(self, command: str, folder: Path) -> None:
        self._command = command
        self._folder = folder

    def declared(self, tfvars: Path) -> dict[str, Any]:
        """Return the output `declared` of these variables."""
        if not tfvars.is_file():
            raise NotFound(
                f"read {tfvars}", found="there is no such file", then="run it in a checkout, or name --environments"
            )
        plan = self._folder / "plan"
        self("plan", "-input=false", "-lock=false", f"-var-file={tfvars.resolve()}", f"-out={plan}")
        outputs = json.loads(self("show", "-json", str(plan)))["planned_values"]["outputs"]
        declared: dict[str, Any] = outputs["declared"]["value"]
        return declared

    def __call__(self, *arguments: str) -> str:
        command = [self._command, f"-chdir={_ROOT}", *arguments]
        environment = os.environ | {"TF_DATA_DIR": str(self._folder / "data"), "TF_IN_AUTOMATION": "1"}
        try:
            ended = subprocess.run(  # noqa: S603 - the project's own command, never a shell
                [*command, "-no-color"] if arguments[0] != "show" else command,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
        except FileNotFoundError:
            raise NotFound(
                f"run {self._command}", found="it is not on PATH", then="install Terraform 1.9 or later"
            ) from None
        if ended.returncode != 0:
            raise BadInput(
                f"read what the tfvars declare ({arguments[0]})",
                found=" ".join(ended.stderr.split())[-600:],
                then="correct terraform.tfvars",
            )
        return ended.stdout

"""Compare the stand-in with the real provider.

`REAL_PROVIDER=/path/to/terraform-provider-google_v7.45.0 make provider-parity`. Without a real provider nothing is
compared, and that is said loudly.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from localcloud.terraform_provider.errors import ProviderError
from localcloud.terraform_provider.parity.comparison import Difference, compare, mutations
from localcloud.terraform_provider.parity.cycle import STEPS, Cycle, Terraform, copy_root, environment_of, let_build
from localcloud.terraform_provider.parity.recorder import recording
from localcloud.terraform_provider.setup import write_configuration, write_mirror, write_schema

_REPOSITORY = Path(__file__).resolve().parents[3]
_NAME = re.compile(r"terraform-provider-google_v(\d+\.\d+\.\d+)")
_LOCALCLOUD = [sys.executable, "-m", "localcloud.cli"]


def main() -> int:
    """Compare and report. Returns 3 when something differs, 0 when nothing does or there is nothing to compare with."""
    parser = argparse.ArgumentParser(prog="python -m localcloud.terraform_provider.parity", description=__doc__)
    tests = _REPOSITORY / "tests" / "terraform_provider"
    both = [tests / "root", tests / "variants"]
    parser.add_argument("--root", type=Path, nargs="+", default=both, help="the configurations to compare with")
    arguments = parser.parse_args()
    real = os.environ.get("REAL_PROVIDER", "")
    if not _NAME.search(real):
        sys.stderr.write(
            "SKIPPED: the stand-in provider was compared with NOTHING, since REAL_PROVIDER does not name a binary"
            f" terraform-provider-google_v<version> (it is {real!r})\n"
        )
        return 0
    differences: list[Difference] = []
    try:
        for root in arguments.root:
            with tempfile.TemporaryDirectory(prefix="provider-parity-") as directory:
                cycles = _both(Path(directory), Path(real), root)
            found = compare(*cycles)
            _report(f"{root.name}: compared with {Path(real).name}", *cycles, found)
            differences += found
    except (ProviderError, OSError, subprocess.CalledProcessError) as error:
        sys.stderr.write(f"provider parity could not be measured: {error}\n")
        return 1
    return 3 if differences else 0


def _both(work: Path, real: Path, root: Path) -> tuple[Cycle, Cycle]:
    """Return the cycles of the real provider and of the stand-in, each on a local cloud that has seen nothing."""
    version = _NAME.search(real.name)
    configuration = write_configuration(work / "real", real.resolve(), version[1] if version else "")
    build = _REPOSITORY / "build" / "terraform-provider"
    write_schema(build)
    return _cycle(work / "a", configuration, root), _cycle(work / "b", write_mirror(build), root)


def _cycle(directory: Path, configuration: Path, root: Path) -> Cycle:
    copy_root(root, directory)
    place = ["--state", f"{directory}-state"]
    up = [*_LOCALCLOUD, "up", *place, "--port-base", "auto", "--scheduler", "manual"]
    subprocess.run(up, check=True, capture_output=True)
    try:
        env = [*_LOCALCLOUD, "env", *place, "--format", "json"]
        cloud = json.loads(subprocess.run(env, check=True, capture_output=True).stdout)
        let_build(cloud)
        with recording(cloud) as recorder:
            terraform = Terraform(directory=directory, environment=environment_of(cloud, configuration, recorder))
            return terraform.cycle(recorder)
    finally:
        subprocess.run([*_LOCALCLOUD, "down", *place], check=False, capture_output=True)


def _report(title: str, real: Cycle, ours: Cycle, differences: list[Difference]) -> None:
    """Print what was compared, resource type by resource type, and every difference."""
    out = sys.stdout
    out.write(f"\n{title}\n\n{'resource type':55} resources  equal\n")
    addresses = {address: address.partition(".")[0] for address in real.plans["create"]}
    different = {address for one in differences for address in addresses if one.address.startswith(address)}
    total, bad = Counter(addresses.values()), Counter(addresses[address] for address in different)
    for kind in sorted(total):
        out.write(f"{kind:55} {total[kind]:9} {total[kind] - bad[kind]:6}\n")
    for step in STEPS:
        sent = len(mutations(real.requests[step]))
        same = sent - sum(one.kind == "request" and one.step == step and bool(one.real) for one in differences)
        times = f"{real.seconds[step]:.1f} s against {ours.seconds[step]:.1f} s"
        out.write(f"{step}: {same} of {sent} mutating requests equal; {times}\n")
    for one in differences:
        out.write(
            f"\n{one.kind} at {one.step}: {one.address}\n  real: {json.dumps(one.real)}\n  ours:"
            f" {json.dumps(one.ours)}\n"
        )


if __name__ == "__main__":
    sys.exit(main())

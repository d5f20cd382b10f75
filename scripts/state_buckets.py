"""Make the buckets that hold Terraform's state. Called by scripts/bootstrap.

A side's state lives in that side's own region, so that it can be planned and applied while the other is dark;
global's lives in the multi-region. Every bucket is versioned and keeps what was deleted for 30 days.
"""

# ruff: noqa: INP001 - scripts are not a package
from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from google.cloud import storage

SOFT_DELETE_SECONDS = 30 * 24 * 60 * 60


class BootstrapError(Exception):
    """A state bucket cannot be had; the message says which, what was found and what to do."""


class StateBucket(NamedTuple):
    """Where an environment's state lies."""

    name: str
    location: str


def state_buckets(arguments: argparse.Namespace) -> dict[str, StateBucket]:
    """Return each environment's bucket, by the same rule as terraform/modules/names."""
    stem = f"{arguments.project}-{arguments.prefix}-tfstate"
    return {
        "global": StateBucket(f"{stem}-global", arguments.multi_region),
        "primary": StateBucket(f"{stem}-{arguments.primary}", arguments.primary),
        "dr": StateBucket(f"{stem}-{arguments.dr}", arguments.dr),
    }


def ensure_bucket(client: storage.Client, name: str, location: str) -> str:
    """Make the bucket exist at the location, versioned, private, with soft delete; return what was done.

    Raises BootstrapError when the name belongs to somebody else or the bucket lives elsewhere. Repeating is safe.
    """
    from google.api_core import exceptions

    bucket = client.bucket(name)
    bucket.versioning_enabled = True
    bucket.iam_configuration.uniform_bucket_level_access_enabled = True
    bucket.iam_configuration.public_access_prevention = "enforced"
    bucket.soft_delete_policy.retention_duration_seconds = SOFT_DELETE_SECONDS
    try:
        client.create_bucket(bucket, location=location)
    except exceptions.Conflict:
        return adopt(client, name, location)
    return "made"


def adopt(client: storage.Client, name: str, location: str) -> str:
    """Bring a bucket that exists to what ensure_bucket promises, and return what was done."""
    from google.api_core import exceptions

    try:
        bucket = client.get_bucket(name)
    except exceptions.Forbidden:
        raise BootstrapError(
            f"cannot use bucket {name} for Terraform's state: it exists and belongs to somebody else; "
            "choose another --prefix"
        ) from None
    if bucket.location.upper() != location.upper():
        raise BootstrapError(
            f"cannot use bucket {name} for Terraform's state: it is in {bucket.location}, "
            f"and must be in {location.upper()}; move its state to a bucket there, "
            "or name the regions as they are with --primary and --dr"
        )
    access = bucket.iam_configuration
    if (
        bucket.versioning_enabled
        and access.uniform_bucket_level_access_enabled
        and access.public_access_prevention == "enforced"
        and bucket.soft_delete_policy.retention_duration_seconds == SOFT_DELETE_SECONDS
    ):
        return "there already"
    bucket.versioning_enabled = True
    access.uniform_bucket_level_access_enabled = True
    access.public_access_prevention = "enforced"
    bucket.soft_delete_policy.retention_duration_seconds = SOFT_DELETE_SECONDS
    bucket.patch()
    return "brought up to date"


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the command line's settings, or exit with the usage."""
    parser = argparse.ArgumentParser(
        prog="scripts/bootstrap", description="Make the buckets that hold Terraform's state."
    )
    parser.add_argument("project", help="the Google Cloud project id")
    parser.add_argument("--prefix", default="vdr", help="first part of every name (default: %(default)s)")
    parser.add_argument("--primary", default="europe-west4", help="region of primary (default: %(default)s)")
    parser.add_argument("--dr", default="europe-west1", help="region of dr (default: %(default)s)")
    parser.add_argument("--state-project", help="the project that holds the buckets (default: the project itself)")
    parser.add_argument("--multi-region", default="EU", help="location of global's state (default: %(default)s)")
    found = parser.parse_args(arguments)
    if found.primary == found.dr:
        parser.error(f"--primary and --dr must be two regions, got {found.primary} twice")
    return found


def main(arguments: Sequence[str]) -> int:
    """Make the three buckets and print how terraform init names each; return the exit code."""
    found = parse(arguments)
    from google.api_core import exceptions
    from google.auth.exceptions import GoogleAuthError
    from google.cloud import storage

    name = ""
    try:
        client = storage.Client(project=found.state_project or found.project)
        for environment, (name, location) in state_buckets(found).items():
            done = ensure_bucket(client, name, location)
            print(f"{name} in {location.upper()}: {done}")
            print(f"  terraform -chdir=terraform/envs/{environment} init -backend-config=bucket={name}")
    except BootstrapError as error:
        print(f"bootstrap: {error}", file=sys.stderr)
        return 2
    except GoogleAuthError as error:
        print(f"bootstrap: cannot sign in: {error}; run gcloud auth application-default login", file=sys.stderr)
        return 2
    except (exceptions.GoogleAPIError, OSError) as error:
        print(f"bootstrap: cannot make bucket {name}: {error}; mend that and run it again", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Google's own storage client on the tests' cloud, and buckets to work in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from google.cloud import storage

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.running_cloud import RunningCloud


@pytest.fixture(scope="session")
def storage_client(cloud: RunningCloud) -> storage.Client:
    """Return Google's own client."""
    return storage.Client(project=cloud.project, credentials=cloud.credentials)


@pytest.fixture
def bucket(storage_client: storage.Client, unique: Callable[[str], str]) -> storage.Bucket:
    """Return a new regional bucket."""
    return storage_client.create_bucket(unique("bucket"), location="europe-west4")


@pytest.fixture
def versioned(storage_client: storage.Client, unique: Callable[[str], str]) -> storage.Bucket:
    """Return a new bucket that keeps noncurrent generations."""
    made = storage_client.bucket(unique("versioned"))
    made.versioning_enabled = True
    made.create(location="europe-west4")
    return made

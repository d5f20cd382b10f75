"""The services of the local cloud: one module an API, found by the classes in it."""

from __future__ import annotations

import importlib
import inspect

from localcloud.core.service import Service

_MODULES = (
    "aiplatform",
    "artifactregistry",
    "cloudbilling",
    "cloudfunctions",
    "cloudresourcemanager",
    "cloudscheduler",
    "compute",
    "firestore",
    "iam",
    "iamcredentials",
    "pubsub",
    "run",
    "secretmanager",
    "serviceusage",
    "storage",
)


def classes() -> list[type[Service]]:
    """Return every service class, in the order of the list."""
    found: list[type[Service]] = []
    for name in _MODULES:
        module = importlib.import_module(f"localcloud.services.{name}")
        found += [
            value
            for _, value in inspect.getmembers(module, inspect.isclass)
            if issubclass(value, Service) and value.__module__.startswith(module.__name__) and value.api
        ]
    return found

"""The services of the local cloud: one folder an API, found by the class in its service.py."""

from __future__ import annotations

import importlib
import inspect

from localcloud.core.service import Service

_APIS = (
    "aiplatform",
    "artifactregistry",
    "cloudbilling",
    "cloudresourcemanager",
    "cloudscheduler",
    "compute",
    "firestore",
    "functions",
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
    for name in _APIS:
        module = importlib.import_module(f"localcloud.services.{name}.service")
        found += [
            value
            for _, value in inspect.getmembers(module, inspect.isclass)
            if issubclass(value, Service) and value.__module__ == module.__name__
        ]
    return found

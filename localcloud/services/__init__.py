"""The services of the local cloud: one module an API, found by the classes in it."""

from __future__ import annotations

import importlib
import inspect
import logging

from localcloud.service import Service

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
_log = logging.getLogger(__name__)


def classes() -> list[type[Service]]:
    """Return every service class, in the order of the list; what cannot be imported is logged and left out."""
    found: list[type[Service]] = []
    for name in _MODULES:
        try:
            module = importlib.import_module(f"localcloud.services.{name}")
        except ModuleNotFoundError as error:
            _log.error("the service %s is left out: %s", name, error)
            continue
        except ImportError:
            _log.exception("the service %s cannot be imported and is left out", name)
            continue
        found += [
            value
            for _, value in inspect.getmembers(module, inspect.isclass)
            if issubclass(value, Service) and value.__module__.startswith(module.__name__) and value.api
        ]
    return found

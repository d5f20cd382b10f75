"""The library of applications: predictions that go on while a region dies.

    from vertex_dr.client import Predictor

    with Predictor("diagnosis") as predictor:
        prediction = predictor.predict([[17.99, 10.38, ...]])
        prediction.predictions, prediction.side, prediction.epoch

Importing it costs google-auth and requests, no client library; nothing is connected before the first prediction.
"""

from __future__ import annotations

import threading
import weakref
from time import monotonic
from typing import TYPE_CHECKING, Any, Self

from vertex_dr.kernel.settings import Settings
from vertex_dr.traffic.failover_router import FailoverRouter, Prediction, Try

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from vertex_dr.traffic.failover_router import Follower
    from vertex_dr.traffic.records import Instances
    from vertex_dr.wiring.entry_points import Connect

__all__ = ["Prediction", "Predictor", "Try"]

# ruff: noqa: PLC0415 - importing the library costs an application nothing before its first prediction


class Predictor:
    """Predicts with the active side of a service, and with the other one while the active one does not answer.

    Safe to share between threads; share one. The selector is read at the first prediction and again every
    cache_seconds in the background. A failed first try reads it at once, and so does every first try after it until
    the active side answers or the selector has moved. A side that hangs keeps one caller waiting; the others use the
    other side at once. When Firestore does not answer, the highest copy counts; when nothing can be read at all, what
    was seen last, and before that the primary side of the settings.
    connect gives other ports than Google's, as tests do.
    """

    def __init__(  # noqa: PLR0913 - each has a default that suits most
        self,
        service: str,
        settings: Settings | None = None,
        *,
        cache_seconds: float = 2.0,
        timeout_seconds: float = 5.0,
        observer: Callable[[Try], None] | None = None,
        connect: Connect | None = None,
    ) -> None:
        self._service = service
        self._settings = settings
        self._cache_seconds = cache_seconds
        self._timeout_seconds = timeout_seconds
        self._observer = observer
        self._connect = connect
        self._starting = threading.Lock()
        self._router: FailoverRouter | None = None
        self._refresher: threading.Thread | None = None
        self._stopped = threading.Event()
        # A predictor that is dropped without close() ends its thread as well: the thread knows the follower only.
        self._finalizer = weakref.finalize(self, self._stopped.set)

    def predict(self, instances: Instances, parameters: Any = None) -> Prediction:
        """Return one predicted value an instance, in their order, and who served them.

        An instance is what the model's server takes: a row of numbers, an object by feature name, a text.
        Raises BadInput when the model refuses the instances or the settings are another service's, and Unreachable
        when neither side answers. Repeating is safe as far as the model is.
        """
        return (self._router or self._started()).predict(instances, parameters)

    def close(self) -> None:
        """End the background refresh; repeating is safe, and a later predict reads the selector only when it must."""
        self._stopped.set()
        refresher = self._refresher
        if refresher is not None and refresher is not threading.current_thread():
            refresher.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _started(self) -> FailoverRouter:
        from vertex_dr.wiring.google_ports import GooglePorts
        from vertex_dr.wiring.traffic import Traffic

        with self._starting:
            if self._router is None:
                settings = self._settings or Settings.from_environment()
                traffic = Traffic(settings, (self._connect or GooglePorts)(settings))
                router = traffic.router(
                    self._service,
                    timeout_seconds=self._timeout_seconds,
                    observer=self._observer,
                    monotonic=monotonic,
                )
                refresher = threading.Thread(
                    target=_refresh,
                    args=(router.follower, self._stopped, self._cache_seconds),
                    name="vertex-dr-selector",
                    daemon=True,
                )
                refresher.start()
                self._refresher, self._router = refresher, router
            return self._router


def _refresh(follower: Follower, stopped: threading.Event, cache_seconds: float) -> None:
    while not stopped.wait(cache_seconds):
        follower.refresh()

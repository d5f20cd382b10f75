#!/usr/bin/env python3
"""An application of the diagnosis service: clients that predict all the time and write down what they saw.

Usage: examples/diagnosis/application.py GOLDEN SAMPLES CLIENTS RATE
GOLDEN holds instances with the predictions that training computed; SAMPLES gets one JSON line a prediction; RATE is
predictions a second over all clients. It ends at SIGTERM, each client with its prediction in flight. It is a process
of its own, so that nothing else that a drill does shows in its latencies.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from itertools import count
from pathlib import Path
from typing import IO, Any

from vertex_dr.client import Predictor

SERVICE = "diagnosis"


class Client(threading.Thread):
    """One caller: a prediction, a comparison, a line, a pause."""

    def __init__(  # noqa: PLR0913 - what a caller is made of
        self,
        number: int,
        predictor: Predictor,
        golden: dict[str, Any],
        out: IO[str],
        *,
        pause_seconds: float,
        ending: threading.Event,
    ) -> None:
        super().__init__(name=f"client-{number}")
        self._number = number
        self._predictor = predictor
        self._golden = golden
        self._out = out
        self._pause_seconds = pause_seconds
        self._ending = ending

    def once(self) -> None:
        """Predict now, with everything that a first call costs; it is written down like any other."""
        self._write(0)

    def run(self) -> None:
        """Predict until told to end."""
        self._ending.wait(self._pause_seconds * self._number / 8)  # callers do not march in step
        instances = self._golden["instances"]
        for turn in count(self._number):
            if self._ending.is_set():
                return
            began = time.time()
            self._write(turn % len(instances))
            self._ending.wait(max(self._pause_seconds - (time.time() - began), 0))

    def _write(self, index: int) -> None:
        self._out.write(json.dumps(self._predict(index, time.time())) + "\n")
        self._out.flush()

    def _predict(self, index: int, began: float) -> dict[str, Any]:
        sample = {"at": began, "client": self._number, "side": None, "tries": 0, "golden": False, "error": None}
        try:
            found = self._predictor.predict([self._golden["instances"][index]])
        except Exception as exc:  # noqa: BLE001 - whatever reaches a caller is a failed prediction
            return {**sample, "ms": (time.time() - began) * 1000, "error": f"{type(exc).__name__}: {exc}"}
        golden = is_golden(found.predictions[0], self._golden["predictions"][index], self._golden["tolerance"])
        return {
            **sample,
            "ms": (time.time() - began) * 1000,
            "side": found.side,
            "tries": len(found.tries),
            "golden": golden,
        }


def is_golden(found: list[float], golden: list[float], tolerance: float) -> bool:
    """Return whether every class probability is the one of training."""
    return len(found) == len(golden) and all(abs(f - g) <= tolerance for f, g in zip(found, golden, strict=True))


def main(arguments: list[str]) -> None:
    """Run the clients until SIGTERM."""
    if len(arguments) != 4:  # noqa: PLR2004 - its four arguments
        sys.exit("usage: examples/diagnosis/application.py GOLDEN SAMPLES CLIENTS RATE")
    golden = json.loads(Path(arguments[0]).read_text())
    clients, rate = int(arguments[2]), float(arguments[3])
    ending = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ending.set())
    predictor = Predictor(SERVICE)
    with Path(arguments[1]).open("w") as out:
        pause_seconds = clients / rate
        threads = [
            Client(number, predictor, golden, out, pause_seconds=pause_seconds, ending=ending)
            for number in range(clients)
        ]
        threads[0].once()  # loads the library and opens the service, as a server does before it takes traffic
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main(sys.argv[1:])

"""What the terminal shows while a drill runs: live on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich import progress as live
from rich.console import Console

from drill.evidence.records import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Progress"]


class Progress:
    """The drill as it goes: phases and steps, on the terminal now and in the timeline later."""

    def __init__(self, phases: int, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True, highlight=False)
        self._phases = phases
        self._number = 0
        self._spans: list[Span] = []
        self._started = time.time()
        self._live = live.Progress(
            live.SpinnerColumn(),
            live.TextColumn("[bold]{task.description}"),
            live.BarColumn(bar_width=24),
            live.TextColumn("{task.completed}/{task.total}"),
            live.TimeElapsedColumn(),
            live.TextColumn("[dim]{task.fields[now]}"),
            console=self._console,
            transient=True,
        )
        self._is_live = self._console.is_terminal
        self._task = self._live.add_task("drill", total=phases, now="")

    @contextmanager
    def telling(self) -> Iterator[Progress]:
        """Show the live line while the block runs, and leave the terminal as it was."""
        if not self._is_live:
            yield self
            return
        with self._live:
            yield self

    @property
    def spans(self) -> tuple[Span, ...]:
        """Return everything that took time so far, in the order it began."""
        return tuple(sorted(self._spans, key=lambda span: span.started_at))

    @property
    def started_at(self) -> float:
        """Return when the drill began, in epoch seconds."""
        return self._started

    @contextmanager
    def phase(self, title: str) -> Iterator[None]:
        """Time a phase and show that it runs."""
        self._number += 1
        self._live.update(self._task, description=f"{self._number}/{self._phases} {title}", now="")
        self._line(f"[bold]{self._number}/{self._phases} {title}[/bold]")
        started = time.time()
        try:
            yield
        finally:
            self._spans.append(Span(name=title, kind="phase", started_at=started, ended_at=time.time()))
            self._live.update(self._task, completed=self._number)

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Time a step of the phase and show it."""
        self._live.update(self._task, now=title)
        started = time.time()
        try:
            yield
        finally:
            ended = time.time()
            self._spans.append(Span(name=title, kind="step", started_at=started, ended_at=ended))
            self._line(f"    {title} [dim]{ended - started:.1f} s[/dim]")

    def span(self, name: str, kind: str, started_at: float, ended_at: float) -> None:
        """Put something into the timeline that was timed elsewhere."""
        self._spans.append(Span(name=name, kind=kind, started_at=started_at, ended_at=ended_at))

    def now(self, text: str) -> None:
        """Show how far the step is; only a live terminal shows it."""
        self._live.update(self._task, now=text)

    def say(self, text: str, *, loudly: bool = False) -> None:
        """Print a line that stays."""
        self._line(f"[bold yellow]{text}[/bold yellow]" if loudly else f"    {text}")

    def failure(self, error: BaseException) -> None:
        """Print where a bug was met; the drill goes on to its evidence."""
        self._console.print("".join(traceback.format_exception(error)), markup=False, style="red")

    def _line(self, text: str) -> None:
        self._console.print(f"[dim]{time.time() - self._started:6.1f} s[/dim] {text}", soft_wrap=True)

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import stamina
from google.api_core import exceptions

from vertex_dr.adapters.google.calls import ask, ask_once
from vertex_dr.kernel.errors import NotFound, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(autouse=True)
def no_waiting() -> Iterator[None]:
    stamina.set_testing(True, attempts=3)
    yield
    stamina.set_testing(False)


def failing(times: int, error: Exception) -> tuple[Callable[[], str], list[int]]:
    calls: list[int] = []

    def call() -> str:
        calls.append(1)
        if len(calls) <= times:
            raise error
        return "done"

    return call, calls


def test_a_service_that_does_not_answer_is_asked_three_times() -> None:
    call, calls = failing(9, exceptions.ServiceUnavailable("down"))

    with pytest.raises(Unreachable, match="cannot list the models: ServiceUnavailable"):
        ask("list the models", call)

    assert len(calls) == 3


def test_an_answer_at_the_second_try_is_the_answer() -> None:
    call, calls = failing(1, exceptions.ServiceUnavailable("down"))

    assert ask("list the models", call) == "done"
    assert len(calls) == 2


def test_what_trying_again_cannot_help_is_asked_once() -> None:
    call, calls = failing(9, exceptions.NotFound("no such model"))

    with pytest.raises(NotFound):
        ask("read the model", call)

    assert len(calls) == 1


def test_what_would_be_done_twice_is_asked_once() -> None:
    call, calls = failing(9, exceptions.ServiceUnavailable("down"))

    with pytest.raises(Unreachable):
        ask_once("register the model", call)

    assert len(calls) == 1

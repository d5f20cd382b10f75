from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests
import stamina
from google.api_core import exceptions

from vertex_dr.adapters.google.calls import ask, ask_once, wait_before_next_try
from vertex_dr.kernel.errors import NotFound, QuotaExhausted, Unreachable

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


@pytest.mark.parametrize(
    ("error", "wait"),
    [
        (Unreachable("ask", found="503", then="again"), True),
        (Unreachable("ask", found="503", then="again", retry_after_seconds=0), 0.0),
        (Unreachable("ask", found="503", then="again", retry_after_seconds=5), 5.0),
        (QuotaExhausted("ask", found="429", then="again", retry_after_seconds=2), 2.0),
        (QuotaExhausted("ask", found="429", then="again", retry_after_seconds=6), False),
        (NotFound("ask", found="404", then="look"), False),
        (KeyError("a bug"), False),
    ],
    ids=str,
)
def test_the_wait_is_the_one_that_the_answer_asks_for_unless_it_is_too_long(error: Exception, wait: object) -> None:
    found = wait_before_next_try(error)

    assert (found, isinstance(found, bool)) == (wait, isinstance(wait, bool))


def answered(**headers: str) -> exceptions.TooManyRequests:
    answer = requests.Response()
    answer.status_code = 429
    answer.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return exceptions.TooManyRequests("quota", response=answer)


def test_what_asks_for_longer_than_anybody_here_waits_is_asked_once() -> None:
    call, calls = failing(9, answered(Retry_After="120"))

    with pytest.raises(QuotaExhausted, match="try again in 120 s, as the answer asks"):
        ask("list the models", call)

    assert len(calls) == 1

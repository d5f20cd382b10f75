from __future__ import annotations

import threading

import pytest

from localcloud.terraform_provider.errors import ApiError, NotFound, ProviderError
from tests.terraform_provider.scripted import HANG_UP, scripted


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_overload_and_server_errors_are_tried_again(status: int):
    with scripted((status, {}), (status, {}), (200, {"name": "x"})) as (session, script):
        assert session.call("storage", "GET", "b/x") == {"name": "x"}

    assert len(script.asked) == 3


@pytest.mark.parametrize("status", [400, 403, 409, 412, 501])
def test_other_errors_end_at_once_with_the_apis_message(status: int):
    refused = scripted((status, {"error": {"message": "no such thing"}}))
    with refused as (session, script), pytest.raises(ApiError, match=f"b/x: Error {status}: no such thing") as caught:
        session.call("storage", "DELETE", "b/x")

    assert caught.value.code == status
    assert len(script.asked) == 1


def test_what_does_not_exist_is_an_error_of_its_own():
    with scripted((404, {"error": {"message": "gone"}})) as (session, _), pytest.raises(NotFound):
        session.call("storage", "GET", "b/x")


def test_connection_is_kept_alive():
    with scripted(*[(200, {})] * 5) as (session, script):
        for _ in range(5):
            session.call("storage", "GET", "b/x")

    assert script.connections == 1


def test_connection_that_the_server_closed_is_replaced():
    with scripted((200, {}), (HANG_UP, {}), (200, {"name": "x"})) as (session, script):
        session.call("storage", "GET", "b/x")

        assert session.call("storage", "GET", "b/x") == {"name": "x"}

    assert script.connections == 2


def test_nobody_there_is_one_clear_line():
    with scripted() as (session, _):
        pass

    with pytest.raises(ProviderError, match=r"no answer .* is the local cloud up"):
        session.call("storage", "GET", "b/x")


def test_operation_is_awaited():
    done = {"name": "projects/p/operations/1", "done": True, "response": {}}
    with scripted((200, {"name": "projects/p/operations/1", "done": False}), (200, done)) as (session, script):
        assert session.call("pubsub", "POST", "projects/p/topics") == done

    assert [path.partition("?")[0] for _, path, _ in script.asked][1] == "/pubsub/v1/projects/p/operations/1"


def test_operation_that_failed_is_an_error_with_its_message():
    failed = {"name": "operations/1", "done": True, "error": {"code": 3, "message": "no such archive"}}
    with scripted((200, failed)) as (session, _), pytest.raises(ProviderError, match="Error 3: no such archive"):
        session.call("pubsub", "POST", "projects/p/topics")


def test_interrupt_ends_the_wait_for_an_operation():
    with scripted((200, {"name": "operations/1", "done": False})) as (session, _):
        session.stopping = threading.Event()
        session.stopping.set()

        with pytest.raises(ProviderError, match="stopped waiting for the operation operations/1"):
            session.call("pubsub", "POST", "projects/p/topics")


def test_token_and_quota_project_travel_with_every_request():
    with scripted((200, {}), access_token="ya29.x", quota_project="paying") as (session, script):  # noqa: S106 - no secret
        session.call("storage", "GET", "b/x")

    assert script.headers[0]["Authorization"] == "Bearer ya29.x"
    assert script.headers[0]["X-Goog-User-Project"] == "paying"

"""Ways in: CONNECT, TLS by name, gRPC; and what is not let out."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.api_core import exceptions
from google.cloud import firestore
from google.oauth2.credentials import Credentials

from tests.localcloud.callers import caller

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.running_cloud import RunningCloud

HOST = "europe-west4-aiplatform.googleapis.com"
MODELS = "/v1/projects/demo/locations/europe-west4/models"


def asked(cloud: RunningCloud, head: str) -> str:
    """Return the first line of the answer to a request that is sent as it is."""
    with socket.create_connection(("127.0.0.1", cloud.port), timeout=10) as sent:
        sent.sendall(head.encode())
        return sent.makefile("r").readline().strip()


def test_one_tunnel_takes_many_requests(cloud: RunningCloud) -> None:
    context = ssl.create_default_context(cafile=str(cloud.authority))
    tunnel = http.client.HTTPSConnection("127.0.0.1", cloud.port, timeout=10, context=context)
    tunnel.set_tunnel(HOST, 443)
    for _ in range(3):
        tunnel.request("GET", MODELS, headers={"Authorization": f"Bearer {cloud.token}"})
        answer = tunnel.getresponse()
        listed = json.loads(answer.read())
        assert (answer.status, answer.will_close, set(listed) <= {"models"}) == (200, False, True)
    tunnel.close()


@pytest.mark.parametrize("target", ["example.com:443", f"{HOST}:80", "registry.terraform.io:443", "nonsense"])
def test_what_is_not_served_is_refused_before_any_byte_leaves(cloud: RunningCloud, target: str) -> None:
    assert asked(cloud, f"CONNECT {target} HTTP/1.1\r\n\r\n") == "HTTP/1.1 403 Forbidden"


def test_status_names_the_hosts_that_were_asked_for_in_vain(cloud: RunningCloud) -> None:
    before = cloud.admin("GET", "status")["unserved_hosts"].get("nowhere.example.com", 0)
    for _ in range(2):
        asked(cloud, "CONNECT nowhere.example.com:443 HTTP/1.1\r\n\r\n")

    assert cloud.admin("GET", "status")["unserved_hosts"]["nowhere.example.com"] == before + 2


def test_an_api_is_not_answered_without_tls(cloud: RunningCloud) -> None:
    direct = asked(cloud, f"GET {MODELS} HTTP/1.1\r\nHost: {HOST}\r\n\r\n")
    proxied = asked(cloud, f"GET http://{HOST}{MODELS} HTTP/1.1\r\nHost: {HOST}\r\n\r\n")

    assert (direct, proxied) == ("HTTP/1.1 403 Forbidden", "HTTP/1.1 403 Forbidden")


@pytest.mark.parametrize("address", ["http://metadata.google.internal", ""])
def test_the_metadata_server_is_answered_in_plain(cloud: RunningCloud, address: str) -> None:
    path = f"{address}/computeMetadata/v1/instance/service-accounts/default/email"
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nMetadata-Flavor: Google\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", cloud.port), timeout=10) as sent:
        sent.sendall(head.encode())
        answer = sent.makefile("r").read()

    assert answer.startswith("HTTP/1.1 200 OK")
    assert answer.endswith("operator@demo.iam.gserviceaccount.com")


def test_a_client_that_speaks_no_connect_reaches_a_region_at_its_own_address(cloud: RunningCloud) -> None:
    """The host is known by the name in the TLS greeting, and the port is 443 as at Google's."""
    address = cloud.admin("GET", "status")["addresses"]["europe-west4"]
    with socket.socket() as probe:
        if probe.connect_ex((address, 443)):
            pytest.skip(f"this machine lets nobody listen on {address}:443")
    context = ssl.create_default_context(cafile=str(cloud.authority))
    with socket.create_connection((address, 443), timeout=10) as plain:
        secured = context.wrap_socket(plain, server_hostname=HOST)
        head = f"GET {MODELS} HTTP/1.1\r\nHost: {HOST}\r\nAuthorization: Bearer {cloud.token}\r\n\r\n"
        secured.sendall(head.encode())
        line = secured.makefile("r").readline()

    assert line == "HTTP/1.1 200 OK\n"


@pytest.fixture
def documents(cloud: RunningCloud, unique: Callable[[str], str]) -> firestore.Client:
    """Google's client with its default transport, on a new database."""
    name = unique("grpc")
    body = {"type": "FIRESTORE_NATIVE", "locationId": "eur3"}
    cloud.call("POST", f"/firestore/v1/projects/demo/databases?databaseId={name}", body)
    return firestore.Client(project="demo", database=name)


def test_firestores_default_transport_reads_writes_and_races(documents: firestore.Client) -> None:
    place = documents.document("selectors/diagnosis")
    first = place.create({"epoch": 1})
    place.update({"epoch": 2}, option=documents.write_option(last_update_time=first.update_time))

    assert place.get().to_dict() == {"epoch": 2}
    assert [found.id for found in documents.collection("selectors").stream()] == ["diagnosis"]
    with pytest.raises(exceptions.AlreadyExists):
        place.create({"epoch": 1})
    with pytest.raises(exceptions.FailedPrecondition):
        place.update({"epoch": 3}, option=documents.write_option(last_update_time=first.update_time))


def test_grpc_asks_for_a_database_that_exists(documents: firestore.Client) -> None:
    missing = firestore.Client(project="demo", database="missing-one", credentials=documents._credentials)

    with pytest.raises(exceptions.NotFound, match="missing-one does not exist for project demo"):
        missing.document("a/b").get(retry=None, timeout=10)


def test_grpc_meets_nobody_while_the_api_is_dark(cloud: RunningCloud, documents: firestore.Client) -> None:
    place = documents.document("a/b")
    place.set({"x": 1})
    cloud.admin("POST", "outage", {"region": "global", "api": "firestore"})
    try:
        with pytest.raises(exceptions.ServiceUnavailable):
            place.get(retry=None, timeout=10)
    finally:
        cloud.admin("POST", "heal", {"region": "global"})

    assert place.get(timeout=30).to_dict() == {"x": 1}


def test_grpc_is_decided_message_by_message(
    cloud: RunningCloud, documents: firestore.Client, unique: Callable[[str], str]
) -> None:
    reader = caller(cloud, unique("reader")).may("roles/datastore.viewer")
    client = firestore.Client(project="demo", database=documents._database, credentials=Credentials(reader.token))
    documents.document("a/read").set({"x": 1})

    assert client.document("a/read").get(timeout=30).to_dict() == {"x": 1}
    with pytest.raises(exceptions.PermissionDenied, match="Missing or insufficient permissions"):
        client.document("a/written").set({"x": 2}, retry=None, timeout=30)


def call_of(cloud: RunningCloud, method: str) -> Any:
    """Return a call of a method with an empty message, over a channel of its own."""
    credentials = grpc.ssl_channel_credentials(cloud.authority.read_bytes())
    channel = grpc.secure_channel("pubsub.googleapis.com:443", credentials)
    return channel.unary_unary(method)


def test_pubsub_speaks_grpc_too_and_an_unknown_service_is_unimplemented(cloud: RunningCloud) -> None:
    topic = b"projects/demo/topics/none"
    get, message = call_of(cloud, "/google.pubsub.v1.Publisher/GetTopic"), b"\x0a" + bytes([len(topic)]) + topic
    with pytest.raises(grpc.RpcError) as nobody:
        get(message, timeout=20)
    with pytest.raises(grpc.RpcError) as refused:
        get(message, timeout=20, metadata=[("authorization", f"Bearer {cloud.token}")])
    with pytest.raises(grpc.RpcError) as unknown:
        call_of(cloud, "/google.example.v1.Service/Get")(b"", timeout=20)

    assert nobody.value.code() is grpc.StatusCode.UNAUTHENTICATED
    assert refused.value.code() is grpc.StatusCode.NOT_FOUND
    assert unknown.value.code() is grpc.StatusCode.UNIMPLEMENTED


def test_a_regions_host_lists_only_its_own(cloud: RunningCloud) -> None:
    status, answer = cloud.at(cloud.dr).call("GET", f"/aiplatform{MODELS}")

    assert status == 400
    assert "The valid location ID is `europe-west1`." in answer["error"]["message"]

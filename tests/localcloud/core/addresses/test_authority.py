"""The authority signs for exactly the host that is asked for, stays the same, and is trusted by nobody else."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import pytest

from localcloud.core.addresses.authority import Authority, BadHost

if TYPE_CHECKING:
    from pathlib import Path

HOST = "europe-west4-aiplatform.googleapis.com"


def agreed(server: ssl.SSLContext, client: ssl.SSLContext, host: str) -> ssl.SSLObject:
    """Return the client's half after a whole handshake in memory."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    asking = client.wrap_bio(to_client, to_server, server_hostname=host)
    answering = server.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(3):
        for half in (asking, answering):
            try:
                half.do_handshake()
            except ssl.SSLWantReadError:
                continue
    return asking


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority.kept_in(tmp_path)


@pytest.mark.parametrize("host", [HOST, "probe-abcdefghij-ez.a.run.app", "a." * 40 + "run.app"])
def test_a_leaf_is_for_exactly_its_host(authority: Authority, host: str) -> None:
    found = agreed(authority.context(host), authority.trust(), host).getpeercert()

    assert found
    assert found["subjectAltName"] == (("DNS", host),)
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        agreed(authority.context(host), authority.trust(), f"other.{host}")


def test_without_connect_the_greeting_names_the_host(authority: Authority) -> None:
    found = agreed(authority.context_by_name(), authority.trust(), HOST).getpeercert()

    assert found
    assert found["subjectAltName"] == (("DNS", HOST),)


@pytest.mark.parametrize(
    ("offered", "chosen"), [(["h2", "http/1.1"], "http/1.1"), (["grpc-exp", "h2"], "h2"), ([], None)]
)
def test_clients_get_http_1_1_if_they_can_speak_it(
    authority: Authority, offered: list[str], chosen: str | None
) -> None:
    client = authority.trust()
    if offered:
        client.set_alpn_protocols(offered)

    assert agreed(authority.context(HOST), client, HOST).selected_alpn_protocol() == chosen


def test_another_state_directorys_authority_is_not_trusted(authority: Authority, tmp_path: Path) -> None:
    other = Authority.kept_in(tmp_path / "other")

    with pytest.raises(ssl.SSLCertVerificationError):
        agreed(authority.context(HOST), other.trust(), HOST)


def test_the_authority_outlives_a_restart_and_its_keys_are_private(authority: Authority, tmp_path: Path) -> None:
    again = Authority.kept_in(tmp_path)

    assert agreed(again.context(HOST), authority.trust(), HOST).getpeercert()
    assert again.certificate == authority.certificate
    private = [*tmp_path.glob("*-key.pem"), *(tmp_path / "leaves").iterdir()]
    assert {path.stat().st_mode & 0o777 for path in private} == {0o600}


@pytest.mark.parametrize("host", ["", "../../etc/passwd", "a b", "-x.run.app", "x" * 64 + ".run.app", "*.run.app"])
def test_nothing_is_signed_for_what_is_no_host(authority: Authority, host: str) -> None:
    with pytest.raises(BadHost, match="is no host name"):
        authority.context(host)

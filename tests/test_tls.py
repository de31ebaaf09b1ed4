"""HTTPS, with the project's own authority and with a certificate of one's own."""

import socket
import ssl
import time
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import requests
import trustme
from sqlalchemy import Engine

from client.api import ResultsService
from client.errors import Refused, Unreadable
from client.settings import Settings
from mockserver import tls
from mockserver.scenario import find
from mockserver.server import Listening, Running, serve
from mockserver.session import open_sessions


@contextmanager
def secured(engine: Engine, security: tls.Tls) -> Iterator[Running]:
    """A server that speaks HTTPS."""
    sessions = open_sessions(engine, [find("lege-school")])
    with serve(engine, sessions, listening=Listening(tls=security)) as running:
        yield running


def fetch(running: Running, ca: Path | None, soapkey: str | None = None) -> None:
    """One batch, by the reference client."""
    school = running.sessions[0].school
    key = soapkey or school.soapkey
    settings = Settings(running.wsdl, school.instellingscode, key, Path("x"), ca=ca)
    ResultsService(settings).fetch()


def test_a_client_that_trusts_the_authority_imports(engine: Engine, tmp_path: Path) -> None:
    """The certificate is good for localhost, 127.0.0.1 and the names that were given."""
    security = tls.local(tmp_path / "tls", ["mock.school.example"])
    with secured(engine, security) as running:
        assert running.wsdl.startswith("https://127.0.0.1:")
        fetch(running, security.ca)
        by_name = running.wsdl.replace("127.0.0.1", "localhost")
        assert requests.get(by_name, verify=str(security.ca), timeout=10).status_code == 200
        context = ssl.create_default_context(cafile=security.ca)
        with (
            socket.create_connection((running.host, running.port)) as plain,
            context.wrap_socket(plain, server_hostname="mock.school.example") as wrapped,
        ):
            assert wrapped.version() in ("TLSv1.2", "TLSv1.3")


def test_a_client_that_does_not_trust_it_sends_nothing(engine: Engine, tmp_path: Path) -> None:
    """With an untrusted certificate no request is sent, and the message says what to do."""
    with (
        secured(engine, tls.local(tmp_path / "tls", [])) as running,
        pytest.raises(Unreadable, match="not trusted, so nothing was sent"),
    ):
        fetch(running, None)


def test_the_authority_is_made_once(engine: Engine, tmp_path: Path) -> None:
    """What trusted the authority goes on trusting it after a restart, also with other names."""
    first = tls.local(tmp_path / "tls", [])
    assert first.ca is not None
    kept = first.ca.read_bytes()
    second = tls.local(tmp_path / "tls", ["other.example"])
    assert second.ca == first.ca
    assert first.ca.read_bytes() == kept
    with secured(engine, second) as running:
        fetch(running, first.ca)
    for name in ("ca-key.pem", "server.pem"):
        assert (tmp_path / "tls" / name).stat().st_mode & 0o077 == 0


def test_a_certificate_of_ones_own_is_used(engine: Engine, tmp_path: Path) -> None:
    """--cert and --key serve the user's own certificate."""
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1")
    cert, key, ca = tmp_path / "cert.pem", tmp_path / "key.pem", tmp_path / "ca.pem"
    issued.cert_chain_pems[0].write_to_path(cert)
    issued.private_key_pem.write_to_path(key)
    authority.cert_pem.write_to_path(ca)
    with secured(engine, tls.own(cert, key)) as running, pytest.raises(Refused):
        fetch(running, ca, soapkey="x")


def test_an_old_tls_is_refused(engine: Engine, tmp_path: Path) -> None:
    """Nothing older than TLS 1.2 is spoken."""
    with secured(engine, tls.local(tmp_path / "tls", [])) as running:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = ssl.TLSVersion.TLSv1_1
        with (
            socket.create_connection((running.host, running.port)) as plain,
            pytest.raises((ssl.SSLError, ConnectionError)),
        ):
            context.wrap_socket(plain)


def test_plain_http_is_told_so(engine: Engine, tmp_path: Path) -> None:
    """Who speaks plain HTTP to the port is told to begin with https; the server goes on."""
    security = tls.local(tmp_path / "tls", [])
    with secured(engine, security) as running:
        plain = running.wsdl.replace("https:", "http:")
        answer = requests.get(plain, timeout=10)
        assert answer.status_code == 400
        assert "https://" in answer.text
        fetch(running, security.ca)


def test_a_stalled_handshake_holds_up_nobody(engine: Engine, tmp_path: Path) -> None:
    """Clients that connect and never finish the handshake do not keep others waiting."""
    security = tls.local(tmp_path / "tls", [])
    with secured(engine, security) as running:
        place = (running.host, running.port)
        stalled = [socket.create_connection(place) for _ in range(20)]
        stalled[0].sendall(b"\x16\x03\x01")
        started = time.monotonic()
        fetch(running, security.ca)
        assert time.monotonic() - started < 2
        for each in stalled:
            with closing(each):
                pass


@pytest.mark.parametrize("content", [None, "geen certificaat"])
def test_a_certificate_that_cant_be_used_is_said(tmp_path: Path, content: str | None) -> None:
    """A missing or broken certificate is one line that names the file."""
    path = tmp_path / "cert.pem"
    if content:
        path.write_text(content)
    with pytest.raises(tls.TlsError, match=f"certificate {path}") as raised:
        tls.own(path, None)
    assert "\n" not in str(raised.value)
    (tmp_path / "file").write_text("x")
    with pytest.raises(tls.TlsError, match="TLS folder"):
        tls.local(tmp_path / "file", [])

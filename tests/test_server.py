"""The server over a real socket: calls, refusals and their order, start and end."""

import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from lxml import etree
from sqlalchemy import Engine

from conftest import Serve, Served
from mockserver import server, wire
from mockserver.contract import publication
from mockserver.contract.fields import NAMESPACE
from mockserver.database import connect
from mockserver.scenario import Scenario, find
from mockserver.server import Listening
from mockserver.session import open_sessions
from tests.envelopes import fields_of, message, post

NS = {"e": "http://schemas.xmlsoap.org/soap/envelope/", "r": NAMESPACE}


@pytest.fixture
def served(serve_scenario: Serve) -> Served:
    """A server with two schools."""
    return serve_scenario("twee-scholen")


def fault(answer: requests.Response) -> tuple[str, str, str]:
    """What a fault says: faultcode without its prefix, code, omschrijving."""
    root = etree.fromstring(answer.content)
    (found,) = root.findall("e:Body/e:Fault", NS)
    prefix, _, local = (found.findtext("faultcode") or "").partition(":")
    assert found.nsmap[prefix] == NS["e"]
    detail = found.find("detail/r:fout", NS)
    assert detail is not None
    publication.schema().assertValid(detail)
    return local, detail.findtext("r:code", "", NS), detail.findtext("r:omschrijving", "", NS)


def test_a_good_call_gets_a_batch(served: Served) -> None:
    """A good call is answered with HTTP 200, text/xml, and a batch valid against the schema."""
    answer = post(served, message(*fields_of(served)))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    (body,) = etree.fromstring(answer.content).findall("e:Body/*", NS)
    publication.schema().assertValid(body)
    assert body.findtext("r:aantal", namespaces=NS) == "100"
    assert len(body.findall("r:toetsafnames/r:toetsafname", NS)) == 100


@pytest.mark.parametrize(("asked", "given"), [("1", 1), ("7", 7), ("500", 500)])
def test_maxaantal_bounds_the_batch(served: Served, asked: str, given: int) -> None:
    """A batch holds as many results as were asked for, where there are so many."""
    answer = post(served, message(*fields_of(served), ("maxaantal", asked)))
    assert answer.text.count("<tns:toetsafname>") == given


def test_the_wsdl_names_the_configured_address(served: Served) -> None:
    """The WSDL's address is the server's own; a forged Host header changes nothing."""
    answer = requests.get(served.running.wsdl, headers={"Host": "evil.example"}, timeout=10)
    assert answer.content == publication.wsdl(served.running.address)
    assert "evil" not in answer.text


@pytest.mark.parametrize("query", ["?wsdl", "?WSDL", "?Wsdl", "?wsdl=1"])
def test_the_wsdl_is_found_however_it_is_spelt(served: Served, query: str) -> None:
    """Stacks differ in how they write the query; all get the WSDL."""
    assert requests.get(served.running.address + query, timeout=10).status_code == 200


def test_an_unknown_key_is_refused(served: Served) -> None:
    """A key that nobody was given is a Client fault with HTTP 500."""
    code, _ = fields_of(served)
    answer = post(served, message(code, ("soapkey", "x")))
    assert answer.status_code == 500
    assert fault(answer)[:2] == ("Client", "Client.AutorisatieOngeldig")


def test_a_toa_key_is_refused_by_name(served: Served) -> None:
    """The key of TOA is refused, and the answer says what it is (H07)."""
    code, _ = fields_of(served)
    toa = served.running.sessions[0].school.toa_soapkey
    local, name, text = fault(post(served, message(code, ("soapkey", toa))))
    assert (local, name) == ("Client", "Client.AutorisatieOngeldig")
    assert "TOA" in text


def test_another_schools_code_is_refused(served: Served) -> None:
    """A good key opens its own school only, and tells nothing of others: known or not is one."""
    _, key = fields_of(served)
    answers = [
        post(served, message(("instellingscode", code), key)) for code in ("99TR", "99ZZ", "99tl")
    ]
    assert {fault(answer)[1] for answer in answers} == {"Client.OngeldigeKlantIdentificatie"}
    assert len({answer.content for answer in answers}) == 1


def test_a_stranger_learns_nothing_about_schools(served: Served) -> None:
    """With a wrong key, a code that exists and one that does not get the same answer."""
    answers = {
        post(served, message(("instellingscode", code), ("soapkey", "x"))).content
        for code in ("99TL", "99ZZ")
    }
    assert len(answers) == 1


def test_the_key_is_checked_before_the_school_and_the_school_before_the_token(
    served: Served,
) -> None:
    """Of several mistakes the first is named, in the order schema, key, school, token."""
    code, key = fields_of(served)
    wrong_code, wrong_key = ("instellingscode", "99ZZ"), ("soapkey", "x")
    token, size = ("vervolgsleutel", "x"), ("maxaantal", "0")
    calls = [
        (wrong_code, wrong_key, token, size),
        (wrong_code, wrong_key, token),
        (wrong_code, key, token),
        (code, key, token),
    ]
    assert [fault(post(served, message(*call)))[1] for call in calls] == [
        "Client.OngeldigBericht",
        "Client.AutorisatieOngeldig",
        "Client.OngeldigeKlantIdentificatie",
        "Client.VervolgsleutelOngeldig",
    ]


@pytest.mark.parametrize(
    ("elements", "named"),
    [
        ([("vanaf", "31-12-2024")], "vanaf"),
        ([("maxaantal", "501")], "maxaantal"),
        ([("maxaantal", "0")], "maxaantal"),
        ([("vanaf", "2024-08-01"), ("vervolgsleutel", "x")], "niet allebei"),
        ([("maxaantal", "5"), ("vanaf", "2024-08-01")], "vanaf"),
        ([("onbekend", "x")], "onbekend"),
    ],
)
def test_a_breach_of_the_schema_names_the_element(
    served: Served, elements: list[tuple[str, str]], named: str
) -> None:
    """A message that breaks the schema is refused, and the answer names the element."""
    answer = post(served, message(*fields_of(served), *elements))
    local, code, text = fault(answer)
    assert (local, code) == ("Client", "Client.OngeldigBericht")
    assert named in text


@pytest.mark.parametrize(
    ("body", "local"),
    [
        ("geen xml", "Client"),
        ("", "Client"),
        ("<x/>", "Client"),
        (message().replace("HaalToetsresultaten", "HaalAlles"), "Client"),
        (message().replace("urn:resultatenkoppeling:v3", "urn:anders"), "Client"),
        ('<!DOCTYPE x [<!ENTITY a "b">]>' + message().split("\n", 1)[1], "Client"),
        (message().replace("schemas.xmlsoap.org/soap/envelope", "www.w3.org/x"), "VersionMismatch"),
        (message().replace("<e:Body>", "<e:Body/><e:Body>"), "Client"),
        (message().replace("<e:Body>", "<e:Body><r:x/>"), "Client"),
    ],
)
def test_a_message_that_is_none_is_refused(served: Served, body: str, local: str) -> None:
    """What is not one call in one envelope is refused in SOAP's own words."""
    found = fault(post(served, body))
    assert found[:2] == (local, "Client.OngeldigBericht")
    assert found[2]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "GET"])
def test_other_methods_are_not_allowed(served: Served, method: str) -> None:
    """Calls are POST; the rest gets 405 and the methods there are."""
    answer = requests.request(method, served.running.address, timeout=10)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD, POST"


@pytest.mark.parametrize("media_type", ["application/soap+xml", "application/json", "", None])
def test_other_media_types_are_not_supported(served: Served, media_type: str | None) -> None:
    """SOAP 1.1 is text/xml; the rest gets 415."""
    answer = post(served, message(*fields_of(served)), Content_Type=media_type)
    assert answer.status_code == 415


def test_a_message_over_the_limit_is_too_large(served: Served) -> None:
    """A message over the limit gets 413, and the next call is answered."""
    assert post(served, b" " * (1024 * 1024 + 1)).status_code == 413
    assert post(served, message(*fields_of(served))).status_code == 200


def test_another_path_is_not_found(served: Served) -> None:
    """Only the documented path is there; another gets one line that says which it is."""
    for path in ("/", "/api/v2", f"{served.running.address}/".removeprefix(served.running.origin)):
        answer = requests.get(served.running.origin + path, timeout=10)
        assert answer.status_code == 404
        assert "/api/v3/results/doclit?wsdl" in answer.text


def test_utf_16_with_a_byte_order_mark_is_read(served: Served) -> None:
    """A message in UTF-16 is as good as one in UTF-8."""
    text = message(*fields_of(served)).replace('encoding="utf-8"', 'encoding="utf-16"')
    answer = post(served, text.encode("utf-16"), Content_Type="text/xml; charset=utf-16")
    assert answer.status_code == 200


def test_a_mistake_of_the_server_gets_an_incident_number(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What nobody foresaw is a Server fault with a number that the log knows, and nothing else."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError("geheim")

    monkeypatch.setattr(wire.Wire, "read", broken)
    answer = post(served, message(*fields_of(served)))
    local, code, text = fault(answer)
    assert (local, code) == ("Server", "Server.InterneFout")
    assert "geheim" not in answer.text
    number = re.search(r"nummer ([0-9a-f]{8})", text)
    assert number is not None
    (exchange,) = served.recorder.take()
    assert exchange.incident is not None
    assert exchange.incident.startswith(f"{number[1]}: ZeroDivisionError at test_server.py:")
    assert "geheim" not in exchange.incident


def test_a_taken_port_is_said(served: Served, engine: Engine) -> None:
    """A port that another program has is one line that says what would be right."""
    with (
        pytest.raises(server.BindError, match=r"the port is taken; --port 0 takes a free one"),
        server.serve(
            engine, served.running.sessions, listening=Listening(port=served.running.port)
        ),
    ):
        pass


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.host.invalid", ""])
def test_an_address_of_another_machine_is_said(engine: Engine, host: str) -> None:
    """An address that this machine does not have is one line."""
    with (
        pytest.raises(server.BindError, match=f"can't listen on {host}") as raised,
        server.serve(engine, [], listening=Listening(host=host)),
    ):
        pass
    assert "\n" not in str(raised.value)


def test_the_server_stops_while_a_client_is_idle(engine: Engine) -> None:
    """A client that keeps its connection open, or half a request, does not keep the server up."""
    with server.serve(engine, []) as running:
        idle = socket.create_connection((running.host, running.port))
        halves = [socket.create_connection((running.host, running.port)) for _ in range(30)]
        for half in halves:
            half.sendall(b"POST /api/v3/results/doclit HTTP/1.1\r\nContent-Length: 10\r\n\r\n<")
        time.sleep(0.3)
        requests.get(running.wsdl, timeout=10)
        started = time.monotonic()
    assert time.monotonic() - started < 2
    idle.close()
    for half in halves:
        half.close()


def variant(pupils: int) -> Scenario:
    """A scenario whose one school has so many pupils."""
    scenario = find("lege-school")
    school = scenario.schools[0]
    data = school.data.model_copy(update={"pupils": pupils, "school_years": ("2024-2025",)})
    changed = school.model_copy(update={"data": data, "instellingscode": "99ZY"})
    return scenario.model_copy(update={"schools": (changed,)})


def test_the_data_is_made_once(engine: Engine) -> None:
    """A school that is served again is found in the database; a changed recipe is made anew."""
    first, again, other = (open_sessions(engine, [variant(size)])[0] for size in (30, 30, 60))
    assert first.grant == again.grant
    with server.serve(engine, [other]) as running:
        assert len(running.offered(other.grant)) > 300


def test_a_second_server_takes_nothing_from_the_first(engine: Engine) -> None:
    """Two servers on one database may serve different schools with one code: each its own."""
    (first,) = open_sessions(engine, [variant(30)])
    with server.serve(engine, [first]) as running:
        before = running.offered(first.grant)
        (second,) = open_sessions(engine, [variant(45)])
        assert running.offered(first.grant) == before
        assert second.grant != first.grant


def test_servers_started_together_make_the_data_once(tmp_path: Path) -> None:
    """Of servers that start on an empty database at once, one makes the data and all find it."""
    url = f"sqlite:///{tmp_path / 'server.sqlite'}"

    def start(_: int) -> int:
        made = connect(url)
        try:
            return open_sessions(made, [variant(30)])[0].grant.school
        finally:
            made.dispose()

    start(0)
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(start, range(4)))) == 1

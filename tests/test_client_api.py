"""The client's calls, against services that answer oddly: an odd answer is never an empty batch."""

import socket
from datetime import date
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from client import api
from client.api import ResultsService
from client.errors import ImportFailed, Refused, Unavailable, Unreadable
from client.settings import Settings
from conftest import Serve
from mockserver.contract import publication

PATH = "/api/v3/results/doclit"


def settings(wsdl: str, **fields: object) -> Settings:
    """Settings for a service."""
    values = {"instellingscode": "99AA", "soapkey": "key", "database": Path("unused")}
    return Settings(wsdl=wsdl, **(values | fields))  # type: ignore[arg-type]  # given by name


def answer(inner: str) -> str:
    """A SOAP answer with this in its result element."""
    return (
        '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" '
        'xmlns:r="urn:resultatenkoppeling:v3"><e:Body><r:HaalToetsresultatenResponse>'
        f"{inner}</r:HaalToetsresultatenResponse></e:Body></e:Envelope>"
    )


ROW = (
    "<r:toetsafname><r:resultaatid>r1</r:resultaatid><r:stamnummer>1</r:stamnummer>"
    "<r:afnamedatum>2025-03-11</r:afnamedatum>"
    "<r:verwerkingsdatum>2025-03-11T17:00:00.000+01:00</r:verwerkingsdatum>"
    "<r:toets><r:toetscode>c</r:toetscode><r:toetsnaam>n</r:toetsnaam>"
    "<r:vakgebied>v</r:vakgebied></r:toets><r:resultaat/></r:toetsafname>"
)
HEAD = "<r:aanmaakdatum>2025-09-01T08:00:00+02:00</r:aanmaakdatum>"
ONE = f"{HEAD}<r:aantal>1</r:aantal><r:vervolgsleutel>t</r:vervolgsleutel>"
EMPTY = f"{HEAD}<r:aantal>0</r:aantal>"
GOOD = answer(f"{ONE}<r:toetsafnames>{ROW}</r:toetsafnames>")


@pytest.fixture
def service(httpserver: HTTPServer) -> ResultsService:
    """The client's service on a server that publishes the WSDL and answers as the test says."""
    httpserver.expect_request(PATH, method="GET").respond_with_data(
        publication.wsdl(httpserver.url_for(PATH)), content_type="text/xml"
    )
    return ResultsService(settings(httpserver.url_for(PATH) + "?wsdl"))


def answering(httpserver: HTTPServer, body: str, status: int = 200, **kind: str) -> None:
    """Lets the server answer each call like this."""
    httpserver.expect_request(PATH, method="POST").respond_with_data(
        body, status=status, content_type=kind.get("content_type", "text/xml; charset=utf-8")
    )


def test_a_good_answer_is_decoded(service: ResultsService, httpserver: HTTPServer) -> None:
    """A good answer gives the batch and its vervolgsleutel."""
    answering(httpserver, GOOD)
    batch = service.fetch()
    assert [each.resultaatid for each in batch.toetsafnames] == ["r1"]
    assert batch.toetsafnames[0].afnamedatum == date(2025, 3, 11)
    assert batch.vervolgsleutel == "t"


def test_an_empty_batch_is_one(service: ResultsService, httpserver: HTTPServer) -> None:
    """Only a complete answer with aantal 0 is an empty batch."""
    answering(httpserver, answer(f"{EMPTY}<r:toetsafnames/>"))
    assert service.fetch().toetsafnames == ()


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ("", 200, Unreadable),
        ("", 202, Unreadable),
        ("", 503, Unavailable),
        ("<html><body>Onderhoud</body></html>", 200, Unreadable),
        ("<html><body>Onderhoud</body></html>", 503, Unavailable),
        ("<html><p>geen XML</html>", 503, Unavailable),
        ("<html><p>geen XML</html>", 404, Unreadable),
        (
            answer("").replace(
                "<r:HaalToetsresultatenResponse></r:HaalToetsresultatenResponse>", ""
            ),
            200,
            Unreadable,
        ),
        (answer(""), 200, Unreadable),
        (answer(EMPTY), 200, Unreadable),
        (answer("<r:toetsafnames/>"), 200, Unreadable),
        (answer(f"{ONE}<r:toetsafnames/>"), 200, Unreadable),
        (answer(f"{EMPTY}<r:toetsafnames>{ROW}</r:toetsafnames>"), 200, Unreadable),
        (
            answer(f"{HEAD}<r:aantal>1</r:aantal><r:toetsafnames>{ROW}</r:toetsafnames>"),
            200,
            Unreadable,
        ),
        (GOOD[:-30], 200, Unreadable),
        (GOOD[: len(GOOD) // 2], 200, Unreadable),
        ("<!DOCTYPE x [<!ENTITY a 'b'>]>" + GOOD, 200, Unreadable),
        (GOOD.replace("2025-03-11T17", "2025-13-11T17"), 200, Unreadable),
        (GOOD.replace("2025-03-11T17:00:00.000+01:00", "2025-03-11T17:00:00"), 200, Unreadable),
        (GOOD.replace("<r:resultaatid>r1</r:resultaatid>", ""), 200, Unreadable),
    ],
)
def test_an_odd_answer_is_an_error(
    service: ResultsService, httpserver: HTTPServer, body: str, status: int, kind: type
) -> None:
    """Whatever is not a complete answer is an error in one line, and never an empty batch."""
    answering(httpserver, body, status)
    with pytest.raises(ImportFailed) as raised:
        service.fetch()
    assert type(raised.value) is kind
    assert "\n" not in str(raised.value)


def test_an_unknown_element_is_tolerated(service: ResultsService, httpserver: HTTPServer) -> None:
    """A row with an element that the WSDL does not know is read without it."""
    answering(httpserver, GOOD.replace("<r:resultaat/>", "<r:resultaat/><r:nieuw>x</r:nieuw>"))
    assert len(service.fetch().toetsafnames) == 1


def fault(code: str | None, faultcode: str = "e:Client") -> str:
    """A SOAP fault, with the contract's detail where there is a code."""
    detail = (
        f'<detail><r:fout xmlns:r="urn:resultatenkoppeling:v3"><r:code>{code}</r:code>'
        "<r:omschrijving>omdat</r:omschrijving></r:fout></detail>"
    )
    return (
        '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><e:Fault>'
        f"<faultcode>{faultcode}</faultcode><faultstring>tekst</faultstring>"
        f"{detail if code else ''}</e:Fault></e:Body></e:Envelope>"
    )


@pytest.mark.parametrize("status", [500, 200])
@pytest.mark.parametrize(
    ("code", "faultcode", "kind"),
    [
        ("Client.AutorisatieOngeldig", "e:Client", Refused),
        ("Client.OngeldigBericht", "e:Client", Refused),
        (None, "e:Client", Refused),
        ("Server.TijdelijkNietBeschikbaar", "e:Server", Unavailable),
        ("Server.InterneFout", "e:Server", Unavailable),
        (None, "e:Server", Unavailable),
    ],
)
def test_a_fault_is_a_fault(
    service: ResultsService,
    httpserver: HTTPServer,
    code: str | None,
    faultcode: str,
    kind: type,
    status: int,
) -> None:
    """A fault is one with HTTP 500 and, wrongly, with 200; the detail says whose turn it is."""
    answering(httpserver, fault(code, faultcode), status)
    with pytest.raises(ImportFailed) as raised:
        service.fetch()
    assert type(raised.value) is kind
    assert ("omdat" if code else "tekst") in str(raised.value)


def test_no_key_follows_a_redirect(service: ResultsService, httpserver: HTTPServer) -> None:
    """A redirect is refused: the SOAP-key is sent to the address that was filled in only."""
    seen: list[str] = []

    def canary(request: Request) -> Response:
        seen.append(request.method)
        return Response(GOOD, content_type="text/xml")

    httpserver.expect_request("/canary").respond_with_handler(canary)
    httpserver.expect_request(PATH, method="POST").respond_with_response(
        Response(status=307, headers={"Location": httpserver.url_for("/canary")})
    )
    with pytest.raises(Unreadable, match="sends on to another address"):
        service.fetch()
    assert seen == []


def test_a_service_that_never_answers_is_given_up(
    service: ResultsService, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A read has a time limit."""
    assert api._READ < 600
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setattr(api, "_READ", 0.3)
        wsdl = publication.wsdl(f"http://127.0.0.1:{silent.getsockname()[1]}{PATH}")
        httpserver.expect_oneshot_request("/silent").respond_with_data(wsdl)
        waiting = ResultsService(settings(httpserver.url_for("/silent")))
        with pytest.raises(Unavailable, match="does not answer in time"):
            waiting.fetch()


@pytest.mark.parametrize("status", [404, 500])
def test_a_wrong_address_is_said(httpserver: HTTPServer, status: int) -> None:
    """Where there is no WSDL, the message says what the address should look like."""
    httpserver.expect_request("/x").respond_with_data("nee", status=status)
    with pytest.raises(ImportFailed, match="no WSDL at"):
        ResultsService(settings(httpserver.url_for("/x")))


@pytest.mark.parametrize("body", ["<html/>", "geen xml", "", '<!DOCTYPE x [<!ENTITY a "b">]><x/>'])
def test_a_page_that_is_no_wsdl_is_said(httpserver: HTTPServer, body: str) -> None:
    """A page that is no WSDL of the service is an error in one line."""
    httpserver.expect_request("/x").respond_with_data(body, content_type="text/xml")
    with pytest.raises(Unreadable) as raised:
        ResultsService(settings(httpserver.url_for("/x")))
    assert "\n" not in str(raised.value)


def test_an_address_that_nobody_listens_on_is_said() -> None:
    """A server that is not there is one line that says what to check."""
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with pytest.raises(Unavailable, match=r"can't reach http://127\.0\.0\.1"):
        ResultsService(settings(f"http://127.0.0.1:{port}/x?wsdl"))


def test_the_key_arrives_as_it_was_given(serve_scenario: Serve) -> None:
    """A key with characters that XML and URLs escape arrives byte for byte."""
    served = serve_scenario("lege-school")
    key = "a+/=&<>\"' é\u00a0]]>"
    service = ResultsService(settings(served.running.wsdl, soapkey=key))
    with pytest.raises(Refused):
        service.fetch()
    (exchange,) = served.recorder.take()
    assert exchange.call is not None
    assert exchange.call.soapkey.value == key


def test_every_value_is_decoded_as_the_wsdl_says(serve_scenario: Serve) -> None:
    """The fast rows hold the same values as zeep's own decoding of the same answer."""
    import zeep

    served = serve_scenario("onbekende-leerlingen")
    school = served.running.sessions[0].school
    given = {"instellingscode": school.instellingscode, "soapkey": school.soapkey}
    plain = zeep.Client(served.running.wsdl).service.HaalToetsresultaten(**given)
    ours = ResultsService(settings(served.running.wsdl, **given)).fetch()
    assert len(ours.toetsafnames) == 100
    for one, other in zip(ours.toetsafnames, plain.toetsafnames.toetsafname, strict=True):
        expected = zeep.helpers.serialize_object(other, dict)
        assert _as_dict(one) == expected


def _as_dict(value: object) -> object:
    """A decoded object in the shape that zeep gives."""
    if hasattr(value, "__dataclass_fields__"):
        return {name: _as_dict(getattr(value, name)) for name in value.__dataclass_fields__}
    return [_as_dict(each) for each in value] if isinstance(value, tuple) else value

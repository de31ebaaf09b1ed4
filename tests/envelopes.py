"""SOAP messages written by hand, for tests that look at the wire."""

from xml.sax.saxutils import escape

import requests

from conftest import Served

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
NAMESPACE = "urn:resultatenkoppeling:v3"
HEADERS = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '"HaalToetsresultaten"'}


def message(*elements: tuple[str, str], extra: str = "") -> str:
    """A HaalToetsresultaten with these elements, in the order given; `extra` is put in as it is."""
    inner = "".join(f"<r:{name}>{escape(text)}</r:{name}>" for name, text in elements)
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<e:Envelope xmlns:e="{ENVELOPE}" '
        f'xmlns:r="{NAMESPACE}"><e:Body><r:HaalToetsresultaten>{inner}{extra}'
        "</r:HaalToetsresultaten></e:Body></e:Envelope>"
    )


def post(served: Served, body: str | bytes, **headers: str | None) -> requests.Response:
    """Sends a message to the server as it stands. A header of None is left out."""
    data = body.encode() if isinstance(body, str) else body
    named = {**HEADERS, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return requests.post(served.running.address, data=data, headers=named, timeout=30)


def fields_of(served: Served) -> tuple[tuple[str, str], tuple[str, str]]:
    """The code and the key that the first school was given."""
    school = served.running.sessions[0].school
    return ("instellingscode", school.instellingscode), ("soapkey", school.given_soapkey)

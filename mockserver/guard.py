"""Hostile or malformed bytes end here, before spyne sees them.

Order: method, media type, size -> parse -> envelope -> schema -> what the schema can't say. The
message is parsed once and validated once; what comes out is the operation's element.
"""

import threading

from lxml import etree

from mockserver.contract import fields
from mockserver.contract.publication import schema
from mockserver.faults import Kind, Refusal
from mockserver.messages import Request

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
MEDIA_TYPE = "text/xml"
MAX_BYTES = 1024 * 1024
"""Of a request. One with 10,000 stamnummers takes some 400 kB."""


class _Validator(threading.local):
    """The schema, once a thread: an lxml validator keeps its errors between calls."""

    def __init__(self) -> None:
        self.schema = schema()


_validator = _Validator()


class HttpRefusal(Exception):
    """Refused by HTTP's own rules, before there is any SOAP. `text` is for the caller, Dutch."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(status, text)
        self.status = status
        self.text = text


def admit(request: Request) -> etree._Element:
    """The envelope of a request that is valid in every way the contract can say.

    Raises HttpRefusal, Refusal.
    """
    if request.method != "POST":
        raise HttpRefusal(405, f"Gebruik POST voor een aanroep en GET {fields.PATH}?wsdl.")
    if request.media_type != MEDIA_TYPE:
        raise HttpRefusal(415, f"De Content-Type moet {MEDIA_TYPE} zijn, zoals in SOAP 1.1.")
    if len(request.body) > MAX_BYTES:
        raise HttpRefusal(413, f"Een bericht mag hooguit {MAX_BYTES} bytes groot zijn.")
    envelope = _parse(request.body)
    operation = _operation(envelope)
    _validate(operation)
    return envelope


def _parse(body: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
    )
    try:
        envelope = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        line = error.position[0]
        raise Refusal(
            Kind.ONGELDIG_BERICHT, f"Het bericht is geen welgevormde XML (regel {line})."
        ) from None
    if etree.ElementTree(envelope).docinfo.doctype:
        raise Refusal(Kind.ONGELDIG_BERICHT, "Een SOAP-bericht mag geen DOCTYPE bevatten.")
    return envelope


def _operation(envelope: etree._Element) -> etree._Element:
    """The one element in the one Body."""
    name = etree.QName(envelope)
    if name.localname != "Envelope":
        raise Refusal(
            Kind.ONGELDIG_BERICHT,
            f"Het bericht moet een Envelope zijn; ontvangen: {name.localname}.",
        )
    if name.namespace != ENVELOPE:
        raise Refusal(Kind.VERSIE)
    bodies = envelope.findall(f"{{{ENVELOPE}}}Body")
    if len(bodies) != 1 or len(bodies[0]) != 1:
        raise Refusal(
            Kind.ONGELDIG_BERICHT, f"De Envelope moet één Body met één {fields.OPERATION} hebben."
        )
    operation = bodies[0][0]
    if operation.tag != f"{{{fields.NAMESPACE}}}{fields.OPERATION}":
        raise Refusal(
            Kind.ONGELDIG_BERICHT,
            f"De Body moet {fields.OPERATION} uit {fields.NAMESPACE} bevatten; "
            f"ontvangen: {etree.QName(operation).text}.",
        )
    return operation


def _validate(operation: etree._Element) -> None:
    """The schema, and what it can't say."""
    validator = _validator.schema
    if not validator.validate(operation):
        first = next(iter(validator.error_log))
        raise Refusal(Kind.ONGELDIG_BERICHT, f"Regel {first.line}: {_plain(first.message)}")
    names = {etree.QName(child).localname for child in operation}
    if {"vanaf", "vervolgsleutel"} <= names:
        raise Refusal(Kind.ONGELDIG_BERICHT, "Geef vanaf of vervolgsleutel, niet allebei.")


def _plain(message: str) -> str:
    """libxml2's message without the namespace, which is the same everywhere."""
    return message.replace(f"{{{fields.NAMESPACE}}}", "")

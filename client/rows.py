"""Decodes the rows of a batch by the WSDL's own types, many times faster than a general decoder.

zeep reads the WSDL and says which elements a type has and of which type each is; from that a
decoder is made once. An element that the WSDL does not know is passed over: a service may add
optional ones.
"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from lxml import etree
from zeep import xsd

from client import messages
from client.errors import Unreadable

Decoder = Callable[[etree._Element], Any]

_RECORDS = {
    "Toetsafname": messages.Toetsafname,
    "Toets": messages.Toets,
    "Resultaat": messages.Resultaat,
    "Onderdelen": messages.Onderdelen,
    "Onderdeel": messages.Onderdeel,
}
"""The class for each complex type of the contract."""


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a dateTime needs its offset")
    return moment


_SIMPLE: tuple[tuple[type, Callable[[str], Any]], ...] = (
    (xsd.DateTime, _moment),
    (xsd.Date, date.fromisoformat),
    (xsd.Integer, int),
    (xsd.Decimal, Decimal),
    (xsd.AnySimpleType, str),
)
"""How a simple type is read; the first that fits counts."""


def decoder(type_: Any) -> Decoder:
    """A decoder for a type of the WSDL. What it decodes is a class of `client.messages`."""
    if isinstance(type_, xsd.ComplexType):
        return _complex(type_)
    convert = next(convert for base, convert in _SIMPLE if isinstance(type_, base))

    def simple(element: etree._Element) -> Any:
        return convert(element.text or "")

    return simple


def _complex(type_: Any) -> Decoder:
    """Children by tag; a child that may occur more than once becomes a tuple."""
    record = _RECORDS[type_.name]
    members = [element for _, element in type_.elements]
    decoders = {
        str(element.qname): (element.attr_name, decoder(element.type)) for element in members
    }
    repeated = {element.attr_name for element in members if element.accepts_multiple}

    def complex_(element: etree._Element) -> Any:
        values: dict[str, Any] = dict.fromkeys(repeated, ())
        for child in element:
            found = decoders.get(str(child.tag))
            if found is None:
                continue
            name, decode = found
            value = decode(child)
            values[name] = (*values[name], value) if name in repeated else value
        return record(**values)

    return complex_


def decode(rows: list[etree._Element], decode_row: Decoder) -> tuple[messages.Toetsafname, ...]:
    """Every row, decoded. Raises Unreadable, and says which row it was."""
    made = []
    for number, row in enumerate(rows, 1):
        try:
            made.append(decode_row(row))
        except (ValueError, TypeError, InvalidOperation) as error:
            raise Unreadable(
                f"result {number} of the batch can't be read ({error}); report it to the vendor's "
                "help desk. What was stored before stays stored"
            ) from None
    return tuple(made)

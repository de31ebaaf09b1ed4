"""The contract's side of a call: valid against the schema, and what the schema can't say.

The schema decides; `explain` says in Dutch what to send instead. An operation that breaks the
schema but can be understood (elements in another order, extra ones, white space around a value) is
tidied, and the breach noted.
"""

import threading

from lxml import etree

from mockserver.contract import fields
from mockserver.contract.publication import schema
from mockserver.faults import Kind, Refusal
from mockserver.guard import explain
from mockserver.guard.breach import Note


class _Validator(threading.local):
    """The schema, once a thread: an lxml validator keeps its errors between calls."""

    def __init__(self) -> None:
        self.schema = schema()


_validator = _Validator()


def check(operation: etree._Element, note: Note) -> None:
    """Leaves the operation valid, and notes what was not. Raises Refusal where it can't be."""
    _collapse(operation)
    valid = _validator.schema.validate
    if not valid(operation):
        breach = explain.refusal(operation)
        _tidy(operation)
        if not valid(operation):
            raise breach
        note(breach)
    number = operation.find(_tag("maxaantal"))
    if number is not None:
        number.text = (number.text or "").strip().lstrip("+0")  # valid, and Python reads it now
    vanaf = operation.find(_tag("vanaf"))
    if vanaf is None:
        return
    if operation.find(_tag("vervolgsleutel")) is not None:
        raise Refusal(Kind.ONGELDIG_BERICHT, "Geef vanaf of vervolgsleutel, niet allebei.")
    explain.check_day(vanaf)


def _collapse(operation: etree._Element) -> None:
    """Takes the white space from around a day and a number, as XML Schema does; libxml2 does so for
    numbers only."""
    for name in ("vanaf", "maxaantal"):
        for element in operation.iterchildren(_tag(name)):
            if not len(element):
                element.text = (element.text or "").strip()


def check_action(header: str | None, note: Note) -> None:
    """SOAPAction must be the operation's; a missing one is let pass, as SOAP 1.1 stacks do."""
    if header is not None and header.strip().strip('"') not in ("", fields.OPERATION):
        note(
            Refusal(
                Kind.ONGELDIG_BERICHT,
                f'SOAPAction moet "{fields.OPERATION}" zijn; ontvangen: {header.strip()[:60]}.',
            )
        )


def _tidy(operation: etree._Element) -> None:
    """Keeps the first of each element that the contract knows, in its order, without what is
    around it."""
    known = {_tag(field.name): field for field in fields.REQUEST.fields}
    found: dict[str, etree._Element] = {}
    for child in operation.iterchildren("*"):
        if child.tag in known:
            found.setdefault(str(child.tag), child)
    for child in list(operation):
        operation.remove(child)
    operation.attrib.clear()
    for tag in known:
        if tag in found:
            element = found[tag]
            element.attrib.clear()
            if not len(element) and tag != _tag("soapkey"):
                element.text = (element.text or "").strip()
            operation.append(element)


def _tag(name: str) -> str:
    return f"{{{fields.NAMESPACE}}}{name}"

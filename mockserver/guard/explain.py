"""Says in Dutch what is wrong with an operation, where, and what to send instead."""

import re
from datetime import date
from typing import cast

from lxml import etree

from mockserver.contract import fields
from mockserver.contract.model import Field, Group, Simple
from mockserver.faults import Kind, Refusal

_DAY = re.compile(r"\d{4}-\d\d-\d\d(Z|[+-](0\d|1[0-3]):[0-5]\d|[+-]14:00)?")
_KEY = "soapkey"
_SHOWN = 40
_FIELDS = {field.name: field for field in fields.REQUEST.fields}


def refusal(operation: etree._Element) -> Refusal:
    """The first breach of the schema, in the order of the message.

    A key that can't be one (missing, empty, too long, with an element in it) is answered like a key
    that nobody has: a stranger learns nothing from how it is wrong.
    """
    children = list(operation.iterchildren("*"))
    for child in children:
        wrong = _wrong_element(child)
        if wrong:
            return _at(child, wrong)
    names = [etree.QName(child).localname for child in children]
    for child, name in zip(children, names, strict=True):
        if names.count(name) > 1:
            return _at(child, f"{name} staat er {names.count(name)} keer; geef het één keer.")
    for field in fields.REQUEST.fields:
        if field.low and field.name not in names:
            return _missing(operation, field)
    order = [name for name in _FIELDS if name in names]
    if names != order:
        return _at(operation, f"De volgorde moet zijn: {', '.join(order)}.")
    return _at(operation, f"{fields.OPERATION} mag geen attributen of tekst hebben.")


def check_day(element: etree._Element) -> None:
    """Leaves a plain day. A valid xs:date may lie outside of what a calendar holds, and may have a
    time zone, which means nothing here: the day is a Dutch one. Raises Refusal."""
    text = (element.text or "").strip()
    if not (_DAY.fullmatch(text) and _exists(text[:10])):
        raise _at(element, _shape(_FIELDS["vanaf"], text))
    element.text = text[:10]


def _wrong_element(child: etree._Element) -> str | None:
    """What is wrong with one element, if anything."""
    name = etree.QName(child)
    field = _FIELDS.get(name.localname)
    if field is None or name.namespace != fields.NAMESPACE:
        return f"{name.localname[:_SHOWN]} is onbekend; bekend zijn {', '.join(_FIELDS)}."
    if isinstance(field.type, Group):
        return _wrong_list(child, field.type)
    if len(child):
        return f"{field.name} mag geen elementen bevatten."
    if child.attrib:
        return f"{field.name} mag geen attributen hebben."
    text = child.text or ""
    return None if _fits(field.type, text) else _shape(field, text)


def _wrong_list(child: etree._Element, group: Group) -> str | None:
    """What is wrong with the list of stamnummers, if anything."""
    (item,) = group.fields
    simple = cast(Simple, item.type)  # the request has no deeper lists
    entries = list(child.iterchildren("*"))
    for entry in entries:
        if entry.tag != f"{{{fields.NAMESPACE}}}{item.name}":
            return f"{etree.QName(entry).localname[:_SHOWN]} is onbekend; bekend is {item.name}."
        if len(entry) or not _fits(simple, entry.text or ""):
            return _shape(item, entry.text or "")
    if not item.low <= len(entries) <= item.high:
        return f"Geef 1 tot en met {item.high} keer {item.name}; ontvangen: {len(entries)}."
    return None


def _fits(simple: Simple, text: str) -> bool:
    """Whether a text is a value of a simple type, as XML Schema has it."""
    if simple.pattern:
        return re.fullmatch(simple.pattern, text) is not None
    if simple.base == "string":
        return int(simple.low or 0) <= len(text) <= int(simple.high or len(text))
    text = text.strip()
    if simple.base == "int":
        number = re.fullmatch(r"[+-]?0*([0-9]{1,9})", text)
        return number is not None and int(simple.low or 0) <= int(text) <= int(simple.high or 0)
    return _DAY.fullmatch(text) is not None and _exists(text[:10])


def _exists(text: str) -> bool:
    """Whether there is such a day."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _shape(field: Field, text: str) -> str:
    """What a value must look like, and what came instead; a key is never shown."""
    simple = cast(Simple, field.type)  # lists are explained by their items
    if simple.pattern:
        right = "1 tot 8 cijfers zijn, het eerste geen 0"
    elif simple.base == "date":
        right = "een dag zijn, geschreven als jjjj-mm-dd"
    elif simple.base == "int":
        right = f"een geheel getal van {simple.low} tot en met {simple.high} zijn"
    else:
        right = f"{simple.low} tot en met {simple.high} tekens lang zijn"
    if field.name == _KEY:
        return f"{field.name} moet {right}."
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(text)} tekens)"
    return f"{field.name} moet {right}; ontvangen: {shown or 'niets'}."


def _missing(operation: etree._Element, field: Field) -> Refusal:
    if field.name == _KEY:
        return Refusal(Kind.AUTORISATIE_ONGELDIG)
    return _at(operation, f"{field.name} ontbreekt.")


def _at(element: etree._Element, reason: str) -> Refusal:
    """A refusal that names the line; one about the key does not say how the key is wrong."""
    if etree.QName(element).localname == _KEY:
        return Refusal(Kind.AUTORISATIE_ONGELDIG)
    return Refusal(Kind.ONGELDIG_BERICHT, f"Regel {element.sourceline}: {reason}")

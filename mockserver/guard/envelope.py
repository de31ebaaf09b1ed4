"""SOAP's side of a call: one Envelope, at most one Header, one Body, one operation."""

from lxml import etree

from mockserver.contract import fields
from mockserver.faults import Kind, Refusal

NAMESPACE = "http://schemas.xmlsoap.org/soap/envelope/"
_NEXT = "http://schemas.xmlsoap.org/soap/actor/next"
_HEADER, _BODY = f"{{{NAMESPACE}}}Header", f"{{{NAMESPACE}}}Body"


def operation(root: etree._Element) -> etree._Element:
    """The operation's element. Raises Refusal."""
    name = etree.QName(root)
    if name.localname != "Envelope":
        raise _refused(f"Het bericht moet een Envelope zijn; ontvangen: {name.localname[:40]}.")
    if name.namespace != NAMESPACE:
        raise Refusal(Kind.VERSIE)
    parts = [child for child in root if isinstance(child.tag, str)]
    tags = [child.tag for child in parts]
    if tags not in ([_BODY], [_HEADER, _BODY]):
        raise _refused("Een Envelope heeft één Body, met hooguit één Header ervoor.")
    if len(parts) == 2:
        _understand(parts[0])
    return _only_child(parts[-1])


def _understand(header: etree._Element) -> None:
    """Refuses headers that must be understood (SOAP 1.1, 4.2.3): the service knows none."""
    for block in header.iterchildren("*"):
        ours = block.get(f"{{{NAMESPACE}}}actor") in (None, "", _NEXT)
        if ours and block.get(f"{{{NAMESPACE}}}mustUnderstand") in ("1", "true"):
            name = etree.QName(block).localname[:40]
            raise Refusal(Kind.MUST_UNDERSTAND, f"De header {name} wordt niet begrepen.")


def _only_child(body: etree._Element) -> etree._Element:
    """The one operation in the Body."""
    children = list(body.iterchildren("*"))
    if len(children) != 1:
        raise _refused(f"De Body moet één {fields.OPERATION} bevatten, niet {len(children)}.")
    (found,) = children
    name = etree.QName(found)
    if (name.namespace, name.localname) != (fields.NAMESPACE, fields.OPERATION):
        raise _refused(
            f"De Body moet {fields.OPERATION} uit {fields.NAMESPACE} bevatten; ontvangen: "
            f"{name.localname[:40]} uit {(name.namespace or 'geen naamruimte')[:80]}."
        )
    return found


def _refused(reason: str) -> Refusal:
    return Refusal(Kind.ONGELDIG_BERICHT, reason)

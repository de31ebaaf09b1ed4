"""The published WSDL: made of the spyne types, put in a fixed order, frozen in a file.

Clients read the frozen file, with this server's address filled in; so its bytes depend on no
version of any library. `python -m mockserver.contract.publication` freezes it anew after the
contract has changed; a test compares file and types.
"""

from copy import deepcopy
from functools import cache
from importlib.resources import files
from pathlib import Path
from xml.sax.saxutils import escape

from lxml import etree

from mockserver.contract import fields
from mockserver.contract.model import Group

XSD = "http://www.w3.org/2001/XMLSchema"
WSDL = "http://schemas.xmlsoap.org/wsdl/"
SOAP = "http://schemas.xmlsoap.org/wsdl/soap/"
_PREFIXES = {"wsdl": WSDL, "soap": SOAP, "xs": XSD, "tns": fields.NAMESPACE}
_FILE = "resultaten.wsdl"

EXAMPLE_ADDRESS = f"http://127.0.0.1:8080{fields.PATH}"
"""The address in the frozen file; each server puts its own in its place."""

DOCUMENTATION = (
    "Simulatie van de koppeling waarmee Magister toetsresultaten uit JIJ! ophaalt. "
    "De leverancier documenteert alleen het adres en de werking, in de handleiding "
    "Resultatenkoppeling Magister; de WSDL zelf is niet openbaar. De naamruimte, de operatie en "
    "alle namen hieronder zijn van dit project en kunnen anders zijn dan die van de echte dienst. "
    "Achter elk veld staat tussen haken waar het vandaan komt."
)


def wsdl(address: str) -> bytes:
    """The WSDL of a service that answers at `address`, as UTF-8."""
    return _frozen().replace(EXAMPLE_ADDRESS.encode(), escape(address, {'"': "&quot;"}).encode())


def schema() -> etree.XMLSchema:
    """A new validator for the schema in the published WSDL. It keeps its errors: one a thread."""
    # serialised by itself it takes along the prefixes that the WSDL around it declares
    node = _schema_node(etree.fromstring(_frozen()))
    return etree.XMLSchema(etree.fromstring(etree.tostring(node)))


def _schema_node(document: etree._Element) -> etree._Element:
    return next(document.iterfind(f"{{{WSDL}}}types/{{{XSD}}}schema"))


@cache
def _frozen() -> bytes:
    return files(__package__).joinpath(_FILE).read_bytes()


def generate() -> bytes:
    """The WSDL as the spyne types give it, in an order that depends on nothing but the contract."""
    from spyne.const.xml import NSMAP
    from spyne.interface.wsdl import Wsdl11

    from mockserver.contract import types

    app = types.application()
    app.interface.nsmap = {**NSMAP, "tns": fields.NAMESPACE}
    document = Wsdl11(app.interface)
    document.build_interface_document(EXAMPLE_ADDRESS)
    made = etree.fromstring(document.get_interface_document())
    return _serialise(_ordered(made))


def _ordered(made: etree._Element) -> etree._Element:
    """A new tree with the same declarations, sorted as WSDL 1.1 and people expect them.

    spyne orders the simple types by chance, puts the service before the portType, gives every
    complex type a global element, and names the message in parameterOrder where a part belongs.
    """
    root = etree.Element(f"{{{WSDL}}}definitions", dict(made.items()), nsmap=_PREFIXES)
    _document(root, DOCUMENTATION)
    types = etree.SubElement(root, f"{{{WSDL}}}types")
    types.append(_ordered_schema(_schema_node(made)))
    for kind in ("message", "portType", "binding", "service"):
        root.extend(deepcopy(list(made.iterfind(f"{{{WSDL}}}{kind}"))))
    for part in root.iterfind(f"{{{WSDL}}}message/{{{WSDL}}}part"):
        if part.get("name") != fields.FAULT.name:
            part.set("name", _WRAPPED)
    for operation in root.iterfind(f"{{{WSDL}}}portType/{{{WSDL}}}operation"):
        del operation.attrib["parameterOrder"]
        etree.strip_elements(operation, f"{{{WSDL}}}documentation")
        _document(
            operation,
            "Geeft de volgende batch toetsafnames van één school; herhaal de aanroep met de "
            "vervolgsleutel uit het antwoord, tot aantal 0 is.",
        )
    return root


def _ordered_schema(made: etree._Element) -> etree._Element:
    """The schema: simple types by name, complex types from the leaves up, the three elements."""
    schema = etree.Element(f"{{{XSD}}}schema", dict(made.items()))
    simple = made.findall(f"{{{XSD}}}simpleType")
    schema.extend(deepcopy(sorted(simple, key=lambda node: str(node.get("name")))))
    complex_types = {node.get("name"): node for node in made.findall(f"{{{XSD}}}complexType")}
    order = [name for group in _ROOTS for name in _leaves_first(group)]
    schema.extend(deepcopy(complex_types[name]) for name in dict.fromkeys(order))
    elements = {node.get("name"): node for node in made.findall(f"{{{XSD}}}element")}
    schema.extend(deepcopy(elements[group.name]) for group in _ROOTS)
    return schema


_WRAPPED = "parameters"
"""The part name by which .NET and JAX-WS know the wrapped style."""

_ROOTS = (fields.REQUEST, fields.RESPONSE, fields.FAULT)


def _leaves_first(group: Group) -> list[str]:
    inner = [field.type for field in group.fields if isinstance(field.type, Group)]
    return [name for below in inner for name in _leaves_first(below)] + [group.name]


def _document(parent: etree._Element, text: str) -> None:
    node = etree.Element(f"{{{WSDL}}}documentation")
    node.text = text
    parent.insert(0, node)


def _serialise(root: etree._Element) -> bytes:
    """Indented UTF-8 with one prefix per namespace."""
    plain = etree.tostring(root, encoding="unicode").replace("wsdlsoap11:", "soap:")
    parser = etree.XMLParser(remove_blank_text=True)
    tree = etree.fromstring(plain, parser)
    etree.cleanup_namespaces(tree, top_nsmap=_PREFIXES, keep_ns_prefixes=["tns", "xs"])
    etree.indent(tree)
    body: bytes = etree.tostring(tree, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body + b"\n"


if __name__ == "__main__":
    Path(__file__).with_name(_FILE).write_bytes(generate())

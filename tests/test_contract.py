"""The contract: one table of names, the types made of it, the WSDL published of them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree

from mockserver.contract import fields, publication
from mockserver.contract.model import Mark, flat

NS = {"wsdl": publication.WSDL, "xs": publication.XSD, "soap": publication.SOAP}
ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def published() -> etree._Element:
    """The published WSDL as a tree."""
    return etree.fromstring(publication.wsdl(publication.EXAMPLE_ADDRESS))


def test_the_published_wsdl_is_what_the_types_give() -> None:
    """The frozen WSDL is byte for byte the one that the contract's types give."""
    assert publication.generate() == publication.wsdl(publication.EXAMPLE_ADDRESS)


@pytest.mark.parametrize("seed", ["0", "1", "2"])
def test_the_wsdl_is_the_same_at_every_start(seed: str) -> None:
    """No order in the WSDL is left to chance."""
    code = (
        "import sys; from mockserver.contract import publication;"
        "sys.stdout.buffer.write(publication.generate())"
    )
    made = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONHASHSEED": seed},
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    assert made.stdout == publication.wsdl(publication.EXAMPLE_ADDRESS)


def test_the_wsdl_names_no_library() -> None:
    """A client sees the contract, not what the server is built of."""
    text = publication.wsdl(publication.EXAMPLE_ADDRESS).decode().lower()
    assert "spyne" not in text
    assert "python" not in text


def test_every_element_is_documented_with_its_mark(published: etree._Element) -> None:
    """Each element of the WSDL says what it means and who says so."""
    groups = (fields.REQUEST, fields.RESPONSE, fields.FAULT)
    wanted = {field.documentation for group in groups for _, field in flat(group)}
    found = published.iterfind(".//xs:complexType//xs:element//xs:documentation", NS)
    assert {node.text for node in found} == wanted


def test_the_wsdl_says_that_it_is_assumed(published: etree._Element) -> None:
    """Whoever reads the WSDL learns that the vendor's own is not public."""
    text = published.findtext("wsdl:documentation", namespaces=NS)
    assert text is not None
    assert "niet openbaar" in text


def test_the_wsdl_is_wrapped_document_literal(published: etree._Element) -> None:
    """The one operation is document/literal wrapped over SOAP 1.1, its action the operation."""
    (operation,) = published.findall("wsdl:binding/wsdl:operation", NS)
    action = operation.find("soap:operation", NS)
    assert action is not None
    assert dict(action.attrib) == {"soapAction": "HaalToetsresultaten", "style": "document"}
    assert {body.get("use") for body in operation.iterfind(".//soap:body", NS)} == {"literal"}
    parts = {
        message.get("name"): [(part.get("name"), part.get("element")) for part in message]
        for message in published.iterfind("wsdl:message", NS)
    }
    assert parts["HaalToetsresultaten"] == [("parameters", "tns:HaalToetsresultaten")]
    schema = published.find("wsdl:types/xs:schema", NS)
    assert schema is not None
    assert schema.get("elementFormDefault") == "qualified"


def test_the_address_is_the_servers_own() -> None:
    """The WSDL carries the address it is given, escaped."""
    made = etree.fromstring(publication.wsdl('http://a.example/?x=1&y="2"'))
    address = made.find(".//soap:address", NS)
    assert address is not None
    assert address.get("location") == 'http://a.example/?x=1&y="2"'


@pytest.mark.parametrize(
    ("path", "occurs", "type_", "marks"),
    [
        ("instellingscode", "1", "string 1..32", "D"),
        ("soapkey", "1", "string 1..64", "DA"),
        ("vanaf", "0..1", "date", "DA"),
        ("vervolgsleutel", "0..1", "string 1..256", "A"),
        ("maxaantal", "0..1", "int 1..500", "DA"),
        ("stamnummers/stamnummer", "1..10000", "string [1-9][0-9]{0,7}", "DA"),
    ],
)
def test_the_request_is_as_agreed(path: str, occurs: str, type_: str, marks: str) -> None:
    """Each element of a call has the bounds and the mark of the contract."""
    field = dict(flat(fields.REQUEST))[path]
    assert field.occurs == occurs
    assert str(field.type) == type_
    assert [mark.value for mark in field.marks] == list(marks)


@pytest.mark.parametrize(
    ("path", "occurs", "type_"),
    [
        ("aanmaakdatum", "1", "dateTime"),
        ("aantal", "1", "int 0..500"),
        ("vervolgsleutel", "0..1", "string 1..256"),
        ("toetsafnames/toetsafname/resultaatid", "1", "string 1..64"),
        ("toetsafnames/toetsafname/stamnummer", "1", "string [1-9][0-9]{0,7}"),
        ("toetsafnames/toetsafname/afnamedatum", "1", "date"),
        ("toetsafnames/toetsafname/verwerkingsdatum", "1", "dateTime"),
        ("toetsafnames/toetsafname/leerjaar", "0..1", "int 1..6"),
        ("toetsafnames/toetsafname/toets/toetsnaam", "1", "string 1..128"),
        ("toetsafnames/toetsafname/toets/toetsniveau", "0..1", "string 1..16"),
        ("toetsafnames/toetsafname/resultaat/niveau", "0..1", "string 1..16"),
        ("toetsafnames/toetsafname/resultaat/aantalgoed", "0..1", "int 0..999"),
        ("toetsafnames/toetsafname/resultaat/percentage", "0..1", "decimal 0..100, 1 decimaal"),
        ("toetsafnames/toetsafname/resultaat/cijfer", "0..1", "decimal 1..10, 1 decimaal"),
        ("toetsafnames/toetsafname/resultaat/ontwikkelscore", "0..1", "int 0..200"),
        ("toetsafnames/toetsafname/onderdelen/onderdeel/naam", "1", "string 1..128"),
    ],
)
def test_the_answer_is_as_agreed(path: str, occurs: str, type_: str) -> None:
    """Each element of an answer has the bounds of the contract."""
    field = dict(flat(fields.RESPONSE))[path]
    assert (field.occurs, str(field.type)) == (occurs, type_)


def test_nothing_personal_goes_over_the_wire() -> None:
    """The stamnummer is all that tells who a pupil is (H00): no name, birth date, BSN or ECK-iD."""
    names = {path.rsplit("/", 1)[-1] for path, _ in flat(fields.RESPONSE)}
    assert not {
        name for name in names for bad in ("voornaam", "geboorte", "bsn", "eck") if bad in name
    }
    assert "stamnummer" in names


def test_every_mark_is_explained() -> None:
    """Each mark has its own words in the WSDL."""
    assert len({mark.nl for mark in Mark}) == len(Mark)

"""Clients written from the WSDL alone, on other stacks than the reference client's code."""

import pytest
import zeep
from suds import WebFault
from suds.client import Client as SudsClient

from conftest import Serve


def test_zeep_fetches_a_series(serve_scenario: Serve) -> None:
    """A plain zeep client, written from the WSDL alone, fetches batch after batch to the end."""
    served = serve_scenario("onbekende-leerlingen")
    school = served.running.sessions[0].school
    service = zeep.Client(served.running.wsdl).service
    given = {"instellingscode": school.instellingscode, "soapkey": school.soapkey}
    answer = service.HaalToetsresultaten(**given, vanaf="2023-08-01", maxaantal=200)
    found = []
    while answer.aantal:
        found += [row.resultaatid for row in answer.toetsafnames.toetsafname]
        answer = service.HaalToetsresultaten(**given, vervolgsleutel=answer.vervolgsleutel)
    offered = served.running.offered(served.running.sessions[0].grant)
    assert found == [resultaatid for resultaatid, _ in offered]


def test_zeep_gets_the_fault_typed(serve_scenario: Serve) -> None:
    """The fault's detail is declared in the WSDL: zeep decodes it by its type."""
    served = serve_scenario("lege-school")
    client = zeep.Client(served.running.wsdl)
    with pytest.raises(zeep.exceptions.Fault) as raised:
        client.service.HaalToetsresultaten(instellingscode="99LE", soapkey="x")
    type_ = client.get_element("{urn:resultatenkoppeling:v3}fout")
    assert raised.value.detail is not None
    detail = type_.parse(raised.value.detail[0], client.wsdl.types)
    assert detail.code == "Client.AutorisatieOngeldig"


def test_suds_fetches_a_series(serve_scenario: Serve) -> None:
    """A plain suds client, written from the WSDL alone, fetches batch after batch to the end."""
    served = serve_scenario("onbekende-leerlingen")
    school = served.running.sessions[0].school
    client = SudsClient(served.running.wsdl, cache=None)
    given = {"instellingscode": school.instellingscode, "soapkey": school.soapkey}
    answer = client.service.HaalToetsresultaten(**given, maxaantal=300)
    found = []
    while int(answer.aantal):  # suds leaves a restricted int as text
        found += [str(row.resultaatid) for row in answer.toetsafnames.toetsafname]
        answer = client.service.HaalToetsresultaten(**given, vervolgsleutel=answer.vervolgsleutel)
    offered = served.running.offered(served.running.sessions[0].grant)
    assert found == [resultaatid for resultaatid, _ in offered]


def test_suds_filters_and_gets_faults(serve_scenario: Serve) -> None:
    """Suds sends a list of stamnummers as the WSDL says, and reads a fault."""
    served = serve_scenario("twee-scholen")
    school = served.running.sessions[0].school
    client = SudsClient(served.running.wsdl, cache=None)
    stamnummers = client.factory.create("ns0:Stamnummers")
    stamnummers.stamnummer = ["1", "99999999"]
    answer = client.service.HaalToetsresultaten(
        instellingscode=school.instellingscode, soapkey=school.soapkey, stamnummers=stamnummers
    )
    assert {str(row.stamnummer) for row in answer.toetsafnames.toetsafname} == {"1", "99999999"}
    with pytest.raises(WebFault, match="SOAP-key"):
        client.service.HaalToetsresultaten(instellingscode="99TL", soapkey="x")

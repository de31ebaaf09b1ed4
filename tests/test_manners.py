"""A strict school refuses every breach; a lenient one answers what it can understand."""

import pytest

from conftest import Serve, Served
from mockserver.scenario import find
from tests.envelopes import fields_of, message, post

BREACHES = {
    "another media type": ((), {"Content_Type": "application/soap+xml"}),
    "another SOAPAction": ((), {"SOAPAction": '"anders"'}),
    "another order": ((("maxaantal", "5"), ("vanaf", "2024-08-01")), {}),
    "an extra element": ((("extra", "x"),), {}),
    "white space around a day": ((("vanaf", " 2024-08-01"), ("vanaf", "x")), {}),
}


def served(serve_scenario: Serve, manner: str) -> Served:
    """A server whose school has this manner."""
    scenario = find("onbekende-leerlingen")
    school = scenario.schools[0].model_copy(update={"manner": manner})
    return serve_scenario(scenario.model_copy(update={"schools": (school,)}))


@pytest.mark.parametrize("name", BREACHES)
def test_strict_refuses_and_lenient_notes(serve_scenario: Serve, name: str) -> None:
    """What can be understood gets a fault at a strict school and an answer at a lenient one, which
    keeps note of the breach."""
    elements, headers = BREACHES[name]
    strict = served(serve_scenario, "strict")
    answer = post(strict, message(*fields_of(strict), *elements), **headers)
    assert answer.status_code in (415, 500)
    assert strict.recorder.take()[0].fault

    lenient = served(serve_scenario, "lenient")
    answer = post(lenient, message(*fields_of(lenient), *elements), **headers)
    assert answer.status_code == 200, answer.text
    (exchange,) = lenient.recorder.take()
    assert exchange.fault is None
    assert len(exchange.breaches) == 1


@pytest.mark.parametrize(
    "body",
    [
        "geen xml",
        message(("instellingscode", "99OL"), ("soapkey", "x")),
        "<!DOCTYPE x>" + message().split("\n", 1)[1],
    ],
)
def test_lenient_is_not_careless(serve_scenario: Serve, body: str) -> None:
    """What can't be understood, may not in, or is dangerous is refused by a lenient school too."""
    assert post(served(serve_scenario, "lenient"), body).status_code == 500


def test_a_good_call_has_no_breach(serve_scenario: Serve) -> None:
    """A call that keeps to the contract is noted as such."""
    lenient = served(serve_scenario, "lenient")
    post(lenient, message(*fields_of(lenient)))
    assert lenient.recorder.take()[0].breaches == ()


def test_a_stranger_finds_every_school_strict(serve_scenario: Serve) -> None:
    """With a wrong key the breach is refused first: manners are known to the school's own only."""
    lenient = served(serve_scenario, "lenient")
    wrong = message(("instellingscode", "99OL"), ("soapkey", "x"), ("extra", "x"))
    post(lenient, wrong)
    assert lenient.recorder.take()[0].fault == "Client.OngeldigBericht"

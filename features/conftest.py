"""The steps of the features."""

import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
import requests
from pytest_bdd import given, parsers, then, when
from pytest_bdd.parser import Feature, Scenario

from conftest import Serve
from features.world import World
from mockserver.clauses import clauses
from mockserver.dataset.calendar import school_year_of


def pytest_configure(config: pytest.Config) -> None:
    """Each clause of the manual is a marker: pytest -m H20 runs what shows it."""
    for clause in clauses().values():
        config.addinivalue_line("markers", f"{clause.id}: {clause.en}")


def pytest_bdd_before_scenario(feature: Feature, scenario: Scenario) -> None:
    """A scenario outside a rule would show no clause."""
    assert scenario.rule is not None, f"{feature.filename}: {scenario.name} stands outside a rule"


@given(parsers.parse('een school uit het scenario "{name}"'), target_fixture="world")
def a_school(name: str, serve_scenario: Serve, tmp_path: Path) -> World:
    """Starts the server of the scenario; its first school is the one."""
    served = serve_scenario(name)
    return World(served, served.running.sessions[0], tmp_path)


@given(parsers.parse('een gebruiker met het recht "{right}"'))
def a_user(world: World, right: str) -> None:
    """Magister's user has this LVS right and no other."""
    world.options += ["--right", right]


@given(parsers.parse('het veld "{name}" is niet ingevuld'))
def no_field(world: World, name: str) -> None:
    """One of the three fields is left empty."""
    world.fill_in(name, None)


@given(parsers.parse('de SOAP-key is "{key}"'))
def another_key(world: World, key: str) -> None:
    """Another SOAP-key than the one that the school was given."""
    world.fill_in("SOAP-key", key)


@given(parsers.parse('de instellingscode is "{code}"'))
def another_code(world: World, code: str) -> None:
    """Another instellingscode than the school's own."""
    world.fill_in("instellingscode", code)


@given(parsers.parse('het adres eindigt op "{path}"'))
def another_address(world: World, path: str) -> None:
    """An address on the same server with another path."""
    world.fill_in("adres", world.served.running.origin + path)


@given("Magister stuurt de bekende stamnummers mee")
def sends_stamnummers(world: World) -> None:
    """The service filters, not Magister."""
    world.options.append("--send-stamnummers")


@given("alle toetsresultaten zijn opgehaald")
@when("alle toetsresultaten worden opgehaald")
def fetch_all(world: World) -> None:
    """The button is pressed until no more results are found."""
    world.fetch()


@given(parsers.parse('alle toetsresultaten zijn opgehaald vanaf "{day}"'))
@when(parsers.parse('alle toetsresultaten worden opgehaald vanaf "{day}"'))
def fetch_from(world: World, day: str) -> None:
    """The same with the date filter set."""
    world.fetch("--vanaf", day)


@when(parsers.parse("er {times:d} keer op 'Toetsresultaten ophalen' wordt gedrukt"))
def press(world: World, times: int) -> None:
    """The button is pressed so many times, each time by a Magister that has started anew."""
    for _ in range(times):
        world.fetch("--batches", "1")


@when("de klok naar het volgende moment van het scenario gaat")
def next_moment(world: World) -> None:
    """Time passes at the vendor's side: results become final."""
    moments = [each.at for each in world.session.scenario.imports]
    world.session.clock.at = next(at for at in moments if at > world.session.clock.at)


@when("de andere school van het scenario wordt ingesteld")
def other_school(world: World) -> None:
    """The same Magister, set up for the scenario's other school."""
    world.session = next(
        each for each in world.served.running.sessions if each is not world.session
    )


@then("zijn alle resultaten van bekende leerlingen opgeslagen, elk één keer")
def all_stored(world: World) -> None:
    """Stored is what was offered of known pupils: nothing missing, nothing extra, nothing twice."""
    assert sorted(world.stored()) == sorted(world.wanted())
    assert world.last.exit_code == 0


@then("is er niets opgeslagen")
def nothing_stored(world: World) -> None:
    """The store of the school is empty."""
    assert world.stored() == []


@then(parsers.parse("zijn er {count:d} verschillende resultaten opgeslagen"))
def so_many_stored(world: World, count: int) -> None:
    """So many results are stored, each once."""
    stored = world.stored()
    assert (len(stored), len(set(stored))) == (count, count)


@then(parsers.parse("zijn er {count:d} resultaten bijgekomen"))
def so_many_new(world: World, count: int) -> None:
    """The latest import stored so many."""
    assert world.last.summary["stored"] == count


@then(parsers.parse("zijn er {count:d} resultaten overgeslagen"))
def so_many_skipped(world: World, count: int) -> None:
    """The latest import received so many that were stored already."""
    assert world.last.summary["skipped"] == count


@then(parsers.parse("zijn er {count:d} resultaten van onbekende leerlingen geteld"))
def so_many_unknown(world: World, count: int) -> None:
    """The latest import received so many of pupils whom Magister does not know."""
    assert world.last.summary["unknown"] == count


@then(
    parsers.parse(
        "zijn er minstens {results:d} resultaten in minstens {batches:d} batches ontvangen"
    )
)
def at_least_received(world: World, results: int, batches: int) -> None:
    """The import was as large as that, by the server's own count."""
    full = [each.batch for each in world.last.exchanges if each.batch and each.batch.aantal]
    assert sum(batch.aantal for batch in full) >= results
    assert len(full) >= batches


@then(parsers.parse("lopen de afnamedata over {years:d} schooljaren"))
def spans_years(world: World, years: int) -> None:
    """The sittings received lie in so many school years."""
    sent = b"".join(each.batch.toetsafnames for each in world.last.exchanges if each.batch)
    days = set(re.findall(r"<tns:afnamedatum>([^<]+)", sent.decode()))
    assert len({school_year_of(date.fromisoformat(day)) for day in days}) == years


@then("meldt Magister dat er geen resultaten meer zijn gevonden")
def done(world: World) -> None:
    """The import says that all is in."""
    assert world.last.summary["done"] is True


@then("meldt Magister dat er nog resultaten kunnen zijn")
def not_done(world: World) -> None:
    """The import says that there may be more."""
    assert world.last.summary["done"] is False


@then(parsers.parse('weigert de webservice met code "{code}"'))
def refused(world: World, code: str) -> None:
    """The service answered with this fault, and the import ended as refused."""
    assert [each.fault for each in world.last.exchanges] == [code]
    assert world.last.summary["error"]["code"] == code
    assert world.last.exit_code == 3


@then(parsers.parse('mislukt het ophalen met de melding "{part}"'))
def failed(world: World, part: str) -> None:
    """The import failed, and said why in one line that names this."""
    assert world.last.exit_code != 0
    assert part in world.last.message
    assert len(world.last.message.splitlines()) == 1


@then(parsers.parse('noemt de melding "{part}"'))
def says(world: World, part: str) -> None:
    """The import's message names this."""
    assert part in world.last.message


@then("is de webservice niet aangeroepen")
def not_called(world: World) -> None:
    """No call reached the service."""
    assert world.last.exchanges == []


@then(parsers.parse("is er {times:d} keer aangeroepen"))
def so_many_calls(world: World, times: int) -> None:
    """The latest import called the service so many times."""
    assert len(world.last.exchanges) == times


@then(parsers.parse("is er hoogstens {times:d} keer aangeroepen"))
def at_most_calls(world: World, times: int) -> None:
    """The latest import called the service at most so many times, and did call."""
    assert 1 <= len(world.last.exchanges) <= times


@then("bevat elke aanroep de ingevulde instellingscode en SOAP-key")
def fields_sent(world: World) -> None:
    """Code and key arrive as they were filled in."""
    school = world.session.school
    calls = [each.call for each in world.last.exchanges]
    assert calls
    assert {(call and call.instellingscode, call and call.soapkey.value) for call in calls} == {
        (school.instellingscode, school.soapkey)
    }


@then(parsers.parse('eindigt het adres op "{path}"'))
def address_ends(world: World, path: str) -> None:
    """The address to fill in has the documented path."""
    assert world.served.running.wsdl.endswith(path)


@then(parsers.parse('staat daar een WSDL met de operatie "{operation}"'))
def wsdl_there(world: World, operation: str) -> None:
    """The address gives a WSDL whose calls go to the same path without the query."""
    answer = requests.get(world.served.running.wsdl, timeout=10)
    assert answer.headers["Content-Type"].startswith("text/xml")
    assert f'<wsdl:operation name="{operation}">' in answer.text
    assert f'location="{world.served.running.address}"' in answer.text


@then("vraagt de eerste aanroep geen begindatum")
def no_vanaf(world: World) -> None:
    """The first call asks for everything."""
    call = world.last.exchanges[0].call
    assert call is not None
    assert (call.vanaf, call.vervolgsleutel) == (None, None)


@then(parsers.parse('vraagt de eerste aanroep resultaten vanaf "{day}"'))
def vanaf(world: World, day: str) -> None:
    """The first call asks from this day on."""
    call = world.last.exchanges[0].call
    assert call is not None
    assert call.vanaf == date.fromisoformat(day)


@then("gaat de laatste aanroep verder met de vervolgsleutel van de vorige")
def follows(world: World) -> None:
    """The vervolgsleutel is used exactly as it was given."""
    exchanges = [each for fetched in world.fetched for each in fetched.exchanges]
    for before, after in pairwise(exchanges):
        assert before.batch is not None
        assert after.call is not None
        assert after.call.vervolgsleutel == before.batch.vervolgsleutel


@then("is alleen de laatste batch leeg")
def only_last_empty(world: World) -> None:
    """Every batch has results in it, but the one that ends the series."""
    sizes = [each.batch.aantal for each in world.last.exchanges if each.batch]
    assert sizes[-1] == 0
    assert all(sizes[:-1])

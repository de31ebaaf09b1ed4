"""Every row of the table of bad inputs, over a real socket."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.bad_inputs import CASES, OPEN, SECOND, Target, target


@pytest.fixture(scope="module")
def tried(engine: Engine) -> Iterator[Target]:
    """A server to be tried, the same for all rows."""
    with target(engine) as made:
        yield made


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["row"])
def test_a_bad_input_gets_its_answer(tried: Target, case: dict[str, Any]) -> None:
    """The row gets the answer of the table in time; the next good call is answered as before."""
    got = tried.run(case)
    assert got.verdict in case["expect"], got.text
    assert case.get("slow") or got.seconds < SECOND
    assert tried.good().verdict == "200"


def test_nothing_is_fetched_told_or_kept(tried: Target) -> None:
    """Whatever is sent: no canary is called, no stack trace gets out, no incident happens, no key
    stands in what is logged."""
    texts = [tried.run(case).text for case in CASES if not case.get("slow")]
    assert not tried.canary_called()
    assert not [text for text in texts if "Traceback" in text or ".py" in text]
    assert [each.incident for each in tried.exchanges if each.incident] == []
    reasons = [each.reason or "" for each in tried.exchanges]
    assert not [line for line in [*tried.lines, *reasons, *texts] if tried.key in line]


def test_wrong_keys_get_one_answer(tried: Target) -> None:
    """However a key is wrong, the answer is the same to the letter."""
    wrong = [case for case in CASES if case["row"].startswith("wrong keys")]
    assert len(wrong) >= 7
    assert len({tried.run(case).text for case in wrong}) == 1


@pytest.mark.parametrize(
    ("elements", "said"),
    [
        (
            "<r:vanaf>31-12-2024</r:vanaf>",
            "Regel 2: vanaf moet een dag zijn, geschreven als jjjj-mm-dd; ontvangen: 31-12-2024.",
        ),
        ("<r:vanaf>2025-02-30</r:vanaf>", "ontvangen: 2025-02-30."),
        (
            "<r:maxaantal>501</r:maxaantal>",
            "maxaantal moet een geheel getal van 1 tot en met 500 zijn; ontvangen: 501.",
        ),
        ("<r:maxaantal>veel</r:maxaantal>", "ontvangen: veel."),
        ("<r:maxaantal><a/></r:maxaantal>", "maxaantal mag geen elementen bevatten."),
        ("<r:vanaf x='1'>2025-01-01</r:vanaf>", "vanaf mag geen attributen hebben."),
        (
            "<r:vervolgsleutel/>",
            "vervolgsleutel moet 1 tot en met 256 tekens lang zijn; ontvangen: niets.",
        ),
        ("<r:onbekend/>", "onbekend is onbekend; bekend zijn instellingscode, soapkey, vanaf"),
        ("<x xmlns='urn:anders'/>", "x is onbekend"),
        (
            "<r:maxaantal>5</r:maxaantal><r:vanaf>2025-01-01</r:vanaf>",
            "De volgorde moet zijn: instellingscode, soapkey, vanaf, maxaantal.",
        ),
        (
            "<r:vanaf>2025-01-01</r:vanaf><r:vanaf>2025-01-01</r:vanaf>",
            "vanaf staat er 2 keer; geef het één keer.",
        ),
        ("<r:stamnummers/>", "Geef 1 tot en met 10000 keer stamnummer; ontvangen: 0."),
        (
            "<r:stamnummers><r:stamnummer>012</r:stamnummer></r:stamnummers>",
            "stamnummer moet 1 tot 8 cijfers zijn, het eerste geen 0; ontvangen: 012.",
        ),
        (
            "<r:stamnummers><r:nummer>1</r:nummer></r:stamnummers>",
            "nummer is onbekend; bekend is stamnummer.",
        ),
        ("tekst", "mag geen attributen of tekst hebben."),
    ],
)
def test_a_breach_is_explained_in_dutch(tried: Target, elements: str, said: str) -> None:
    """A breach of the schema names line and element, and says what to send instead."""
    body = (
        f"{OPEN}\n$IN<r:instellingscode>$CODE</r:instellingscode><r:soapkey>$KEY</r:soapkey>"
        f"{elements}$OUT$CLOSE"
    )
    got = tried.run({"body": [body]})
    assert got.verdict == "Client.OngeldigBericht"
    assert said in got.text


@pytest.mark.parametrize("day", [" 2024-08-01 ", "2024-08-01Z", "2024-08-01-13:59"])
def test_a_valid_day_is_read_however_it_is_written(tried: Target, day: str) -> None:
    """White space and a time zone are XML Schema's to allow; the day counts."""
    body = "$OPEN$IN<r:instellingscode>$CODE</r:instellingscode><r:soapkey>$KEY</r:soapkey>"
    got = tried.run({"body": [f"{body}<r:vanaf>{day}</r:vanaf>$OUT$CLOSE"]})
    assert got.verdict == "200"


def test_a_zone_that_is_none_is_explained(tried: Target) -> None:
    """A time zone beyond +14:00 is no day of XML Schema."""
    body = "$OPEN$IN<r:instellingscode>$CODE</r:instellingscode><r:soapkey>$KEY</r:soapkey>"
    got = tried.run({"body": [f"{body}<r:vanaf>2024-08-01+15:00</r:vanaf>$OUT$CLOSE"]})
    assert "ontvangen: 2024-08-01+15:00." in got.text


def test_a_missing_element_is_named(tried: Target) -> None:
    """What must be there and is not is named."""
    got = tried.run({"body": ["$OPEN$IN<r:soapkey>$KEY</r:soapkey>$OUT$CLOSE"]})
    assert "instellingscode ontbreekt." in got.text

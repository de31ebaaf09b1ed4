"""Stored XML is what spyne would have written."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from lxml import etree

from mockserver.contract import fields, types
from mockserver.contract.model import Group, flat
from mockserver.contract.publication import schema
from mockserver.dataset.recipe import Recipe
from mockserver.dataset.school import Result, results
from mockserver.messages import Batch
from mockserver.wire import Wire

NS = f"{{{fields.NAMESPACE}}}"
RECIPE = Recipe(seed=5, pupils=200, school_years=("2023-2024", "2024-2025"), tests=24)


@pytest.fixture(scope="module")
def made() -> list[Result]:
    """A school with every kind of test in it."""
    return results(RECIPE, "99AA")


READ: dict[str, Callable[[str], Any]] = {
    "string": str,
    "int": int,
    "decimal": Decimal,
    "date": date.fromisoformat,
    "dateTime": datetime.fromisoformat,
}


def as_spyne(element: etree._Element, group: Group) -> Any:
    """The spyne object for an element: the values that are there, in Python's types."""
    values: dict[str, Any] = {}
    for child in element:
        field = next(each for each in group.fields if f"{NS}{each.name}" == child.tag)
        if isinstance(field.type, Group):
            value = as_spyne(child, field.type)
        else:
            value = READ[field.type.base](child.text or "")
        if field.high > 1:
            values.setdefault(field.name, []).append(value)
        else:
            values[field.name] = value
    return types.complex_type(group)(**values)


def test_a_batch_of_fragments_is_what_spyne_writes(made: list[Result]) -> None:
    """An answer made of stored fragments is byte for byte the one that spyne writes."""
    sample = made[:: max(1, len(made) // 450)]
    text = "".join(each.fragment for each in sample)
    now = datetime(2025, 9, 1, tzinfo=UTC)
    wire = Wire()
    ours = wire.write(Batch(now, len(sample), "token", text.encode(), 1)).body

    container = etree.fromstring(f'<x xmlns:tns="{fields.NAMESPACE}">{text}</x>')
    context = wire._context()
    context.udc = types.Response(
        aanmaakdatum=now,
        aantal=len(sample),
        vervolgsleutel="token",
        toetsafnames=as_spyne(container, fields.TOETSAFNAMES),
    )
    wire._transport.get_out_object(context)
    wire._transport.get_out_string(context)
    assert ours == b"".join(context.out_string)


def test_the_sample_has_every_element_there_is(made: list[Result]) -> None:
    """Every optional element is present in some result and absent in another."""
    texts = [each.fragment for each in made]
    outcomes = [text.partition("<tns:onderdelen>")[0] for text in texts]
    optional = [field.name for _, field in flat(fields.TOETSAFNAME) if field.low == 0]
    for name in set(optional) - {"onderdeel"}:
        within = texts if name == "onderdelen" else outcomes
        with_it = sum(f"<tns:{name}>" in text for text in within)
        assert 0 < with_it < len(texts), name


def test_every_answer_is_valid(made: list[Result]) -> None:
    """An answer keeps to the schema of the published WSDL, whatever results are in it."""
    wire, validator = Wire(), schema()
    for start in range(0, len(made), 500):
        page = made[start : start + 500]
        text = "".join(each.fragment for each in page).encode()
        body = wire.write(Batch(datetime(2025, 9, 1, tzinfo=UTC), len(page), "t", text, 1)).body
        answer = next(etree.fromstring(body).iter(f"{NS}{fields.RESPONSE.name}"))
        validator.assertValid(answer)

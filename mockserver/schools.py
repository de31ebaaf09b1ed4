"""Brings a scenario's schools into the database: made once, found again after a restart."""

import json
from collections.abc import Iterable

from sqlalchemy import Connection, Engine, delete, insert, select

from mockserver import dataset
from mockserver.database import explained, pupil, result, school
from mockserver.dataset.pupils import pupils
from mockserver.dataset.school import results
from mockserver.messages import Grant
from mockserver.results import position
from mockserver.scenario import Scenario, School


def settle(engine: Engine, scenario: Scenario, made: School) -> Grant:
    """Makes the school's data, unless the database holds just that already.

    Raises DatabaseError.
    """
    wanted = json.dumps({"version": dataset.VERSION, **made.data.model_dump(mode="json")})
    with explained(str(engine.url)), engine.begin() as connection:
        query = select(school).where(school.c.instellingscode == made.instellingscode)
        found = connection.execute(query).one_or_none()
        if found is not None and (found.recipe, found.scenario) == (wanted, scenario.name):
            return Grant(found.id, scenario.name, made.instellingscode)
        if found is not None:
            _clear(connection, found.id)
        row = {
            "scenario": scenario.name,
            "instellingscode": made.instellingscode,
            "recipe": wanted,
        }
        connection.execute(insert(school).values(row))
        number = connection.execute(query).one().id
        _fill(connection, number, made)
        return Grant(number, scenario.name, made.instellingscode)


def _clear(connection: Connection, number: int) -> None:
    for table in (result, pupil):
        connection.execute(delete(table).where(table.c.school == number))
    connection.execute(delete(school).where(school.c.id == number))


def _fill(connection: Connection, number: int, made: School) -> None:
    _insert(
        connection,
        pupil,
        (
            {
                "school": number,
                "stamnummer": each.stamnummer,
                "name": each.name,
                "known": int(each.known),
            }
            for each in pupils(made.data)
        ),
    )
    _insert(
        connection,
        result,
        (
            {
                "school": number,
                "position": position(each.processed, each.resultaatid),
                "stamnummer": each.stamnummer,
                "fragment": each.fragment,
            }
            for each in results(made.data, made.instellingscode)
        ),
    )


def _insert(connection: Connection, table: object, rows: Iterable[dict[str, object]]) -> None:
    listed = list(rows)
    if listed:
        connection.execute(insert(table), listed)  # type: ignore[arg-type]

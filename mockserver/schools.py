"""Brings a scenario's schools into the database: made once, found again after a restart."""

import json
from collections.abc import Iterable

from sqlalchemy import Connection, Engine, Table, insert, select
from sqlalchemy.exc import IntegrityError

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
    row = {
        "scenario": scenario.name,
        "instellingscode": made.instellingscode,
        "recipe": json.dumps({"version": dataset.VERSION, **made.data.model_dump(mode="json")}),
    }
    query = select(school.c.id).filter_by(**row)
    with explained(str(engine.url)):
        try:
            with engine.begin() as connection:
                number = connection.execute(query).scalar()
                if number is None:
                    connection.execute(insert(school).values(row))
                    number = connection.execute(query).scalar_one()
                    _fill(connection, number, made)
        except IntegrityError:  # another server made it in the meantime
            with engine.connect() as connection:
                number = connection.execute(query).scalar_one()
    return Grant(number, scenario.name, made.instellingscode)


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


def _insert(connection: Connection, table: Table, rows: Iterable[dict[str, object]]) -> None:
    listed = list(rows)
    if listed:
        connection.execute(insert(table), listed)

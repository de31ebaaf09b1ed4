"""The import against a plain zeep loop that stores the same, from the same server."""

import json
import sqlite3
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import zeep

from bench.server import SCHOOL
from client.api import ResultsService
from client.importer import Importer
from client.settings import Settings
from client.store import Store

_OUTCOME = ("niveau", "aantalopgaven", "aantalgoed", "percentage", "cijfer", "ontwikkelscore")
_COLUMNS = 18


def importing(address: str, folder: Path) -> dict[str, Callable[[], float]]:
    """Results imported and stored a second, into a new file each time."""

    def rate(run: Callable[[Path], int]) -> float:
        database = folder / "client.sqlite"
        for file in folder.glob("client.sqlite*"):
            file.unlink()
        started = time.perf_counter()
        count = run(database)
        return count / (time.perf_counter() - started)

    wsdl = f"{address}?wsdl"
    return {
        "this client": lambda: rate(lambda database: _ours(wsdl, database)),
        "a plain zeep loop": lambda: rate(lambda database: _plain(wsdl, database)),
    }


def _ours(wsdl: str, database: Path) -> int:
    settings = Settings(wsdl, SCHOOL.instellingscode, SCHOOL.soapkey, database)
    store = Store(database)
    try:
        return Importer(ResultsService(settings), store, settings).run().stored
    finally:
        store.close()


def _plain(wsdl: str, database: Path) -> int:
    """What one would write at first: zeep's objects, a row each, a transaction a batch."""
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA journal_mode=WAL")
    sqlite3.register_adapter(Decimal, str)
    columns = ", ".join(f"c{number}" for number in range(1, _COLUMNS))
    connection.execute(f"CREATE TABLE result (c0 TEXT PRIMARY KEY, {columns})")
    insert = f"INSERT INTO result VALUES ({', '.join('?' * _COLUMNS)})"  # noqa: S608  # our own names
    service = zeep.Client(wsdl).service
    given = {"instellingscode": SCHOOL.instellingscode, "soapkey": SCHOOL.soapkey}
    answer = service.HaalToetsresultaten(**given)
    count = 0
    while answer.aantal:
        rows = [_row(row) for row in answer.toetsafnames.toetsafname]
        with connection:
            connection.executemany(insert, rows)
        count += len(rows)
        answer = service.HaalToetsresultaten(**given, vervolgsleutel=answer.vervolgsleutel)
    connection.close()
    return count


def _row(row: Any) -> tuple[object, ...]:
    """The same columns as this client's store."""
    toets, outcome, parts = row.toets, row.resultaat, row.onderdelen
    return (
        row.resultaatid,
        row.stamnummer,
        row.afnamedatum.isoformat(),
        row.verwerkingsdatum.isoformat(),
        row.leerjaar,
        toets.toetscode,
        toets.versie,
        toets.toetsnaam,
        toets.vakgebied,
        toets.vaardigheid,
        toets.toetsniveau,
        *([getattr(outcome, name) for name in _OUTCOME] if outcome else [None] * len(_OUTCOME)),
        json.dumps([[each.naam, str(each.percentage)] for each in parts.onderdeel])
        if parts
        else None,
    )

"""What a school has imported: results and mark, in one SQLite file, in one transaction."""

import csv
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO

from client.errors import StoreError
from client.messages import Toetsafname

_TABLES = """
CREATE TABLE IF NOT EXISTS result (
    instellingscode TEXT NOT NULL,
    resultaatid TEXT NOT NULL,
    stamnummer TEXT NOT NULL,
    afnamedatum TEXT NOT NULL,
    verwerkingsdatum TEXT NOT NULL,
    leerjaar INTEGER,
    toetscode TEXT NOT NULL,
    versie TEXT,
    toetsnaam TEXT NOT NULL,
    vakgebied TEXT NOT NULL,
    vaardigheid TEXT,
    toetsniveau TEXT,
    niveau TEXT,
    aantalopgaven INTEGER,
    aantalgoed INTEGER,
    percentage NUMERIC,
    cijfer NUMERIC,
    ontwikkelscore INTEGER,
    onderdelen TEXT,
    PRIMARY KEY (instellingscode, resultaatid)
);
CREATE TABLE IF NOT EXISTS progress (
    instellingscode TEXT PRIMARY KEY,
    mark TEXT,
    vervolgsleutel TEXT,
    vanaf TEXT,
    reached TEXT,
    gap TEXT
);
"""
_INSERT = """
INSERT INTO result VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (instellingscode, resultaatid) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a school's import is.

    mark: the newest verwerkingsdatum received; the next import starts at its day (H18).
    vervolgsleutel: of the series that is not finished yet, to go on with (H15). vanaf: the day on
    which that series started, should its vervolgsleutel no longer be good. reached: the last
    verwerkingsdatum that it gave. gap: the day from which results may be missing, because a series
    was left unfinished for another.
    """

    mark: datetime | None = None
    vervolgsleutel: str | None = None
    vanaf: date | None = None
    reached: datetime | None = None
    gap: date | None = None


_PROGRESS: dict[str, Callable[[str], Any]] = {
    "mark": datetime.fromisoformat,
    "vervolgsleutel": str,
    "vanaf": date.fromisoformat,
    "reached": datetime.fromisoformat,
    "gap": date.fromisoformat,
}
"""The columns of a school's progress, and how each is read."""


class Store:
    """The results and the progress of schools in one database file. Raises StoreError."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._explained():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, isolation_level=None, timeout=10)
            try:
                self._connection.execute("PRAGMA journal_mode=WAL")
                self._connection.executescript(_TABLES)
            except sqlite3.Error:
                self._connection.close()
                raise

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()

    def progress(self, instellingscode: str) -> Progress:
        """How far the school's import is."""
        query = f"SELECT {', '.join(_PROGRESS)} FROM progress WHERE instellingscode = ?"  # noqa: S608  # our own
        with self._explained():
            row = self._connection.execute(query, (instellingscode,)).fetchone()
            if row is None:
                return Progress()
            read = zip(_PROGRESS.items(), row, strict=True)
            return Progress(**{name: text and parse(text) for (name, parse), text in read})

    def save(self, instellingscode: str, results: Iterable[Toetsafname], progress: Progress) -> int:
        """Keeps a batch and how far it brings the import, both or neither. Gives how many are new.

        A resultaatid that is there already is left as it is (H16).
        """
        with self._explained(), self._transaction() as connection:
            before = connection.total_changes
            connection.executemany(_INSERT, (_row(instellingscode, each) for each in results))
            stored = connection.total_changes - before
            columns = ", ".join("?" * (len(_PROGRESS) + 1))
            values = [_text(getattr(progress, name)) for name in _PROGRESS]
            connection.execute(
                f"INSERT OR REPLACE INTO progress VALUES ({columns})",  # noqa: S608  # only marks
                (instellingscode, *values),
            )
        return stored

    def dump(self, instellingscode: str, file: TextIO) -> None:
        """Writes what is stored of a school as CSV: resultaatid, stamnummer, verwerkingsdatum."""
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["resultaatid", "stamnummer", "verwerkingsdatum"])
        query = """
            SELECT resultaatid, stamnummer, verwerkingsdatum FROM result
            WHERE instellingscode = ? ORDER BY resultaatid
        """
        with (
            self._explained(),
            closing(self._connection.execute(query, (instellingscode,))) as rows,
        ):
            writer.writerows(rows)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """All of it is kept, or nothing."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield self._connection
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError, ValueError) as error:
            raise StoreError(
                f"database {self._path}: {error}; give another file, or make this one writable"
            ) from error


def _row(instellingscode: str, result: Toetsafname) -> tuple[object, ...]:
    """A result as a row: the columns of the table, in order."""
    toets, outcome = result.toets, result.resultaat
    parts = result.onderdelen.onderdeel if result.onderdelen else ()
    return (
        instellingscode,
        result.resultaatid,
        result.stamnummer,
        result.afnamedatum.isoformat(),
        result.verwerkingsdatum.isoformat(timespec="milliseconds"),
        result.leerjaar,
        toets.toetscode,
        toets.versie,
        toets.toetsnaam,
        toets.vakgebied,
        toets.vaardigheid,
        toets.toetsniveau,
        outcome.niveau,
        outcome.aantalopgaven,
        outcome.aantalgoed,
        _decimal(outcome.percentage),
        _decimal(outcome.cijfer),
        outcome.ontwikkelscore,
        json.dumps([[part.naam, str(part.percentage)] for part in parts], ensure_ascii=False)
        if parts
        else None,
    )


def _decimal(value: object) -> str | None:
    return None if value is None else str(value)


def _text(value: str | date | None) -> str | None:
    """How a value of the progress is kept: a moment with its milliseconds, a day as it is."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds")
    return value.isoformat() if isinstance(value, date) else value

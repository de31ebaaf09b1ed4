"""The tables, and the one place that opens the database. An SQLite file unless told otherwise."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    Column,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
)
from sqlalchemy.exc import SQLAlchemyError

from mockserver.errors import LocalError

metadata = MetaData()

setting = Table(
    "setting",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", String, nullable=False),
)
"""What must outlive a restart: the secret that signs a vervolgsleutel, the tables' version."""

school = Table(
    "school",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("scenario", String, nullable=False),
    Column("instellingscode", String, nullable=False, unique=True),
    Column("recipe", String, nullable=False),
)
"""The schools whose data is there. `recipe` tells whether the data is still what is asked for."""

pupil = Table(
    "pupil",
    metadata,
    Column("school", Integer, primary_key=True),
    Column("stamnummer", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("known", Integer, nullable=False),
    sqlite_with_rowid=False,
)

result = Table(
    "result",
    metadata,
    Column("school", Integer, primary_key=True),
    Column("position", String, primary_key=True),
    Column("stamnummer", Integer, nullable=False),
    Column("fragment", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""The results, lying in the order in which they are served. `position` is the verwerkingsdatum in
milliseconds since 1970, 15 digits, then the resultaatid: as text it sorts as the contract does."""

VERSION = "1"
"""Of the tables. A database with another version is refused, never guessed at."""


class DatabaseError(LocalError):
    """The database can't be used. Its text is one line for the user."""


@contextmanager
def explained(url: str) -> Iterator[None]:
    """Turns what SQLAlchemy raises into one line that names the database."""
    try:
        yield
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        raise DatabaseError(
            f"database {url}: {cause}; give another with --db, or make this one writable"
        ) from error


def connect(url: str) -> Engine:
    """An engine on the database at `url`, with the tables made where they are missing.

    url: an SQLAlchemy URL. Raises DatabaseError.
    """
    with explained(url):
        engine = create_engine(url)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _tune)
        metadata.create_all(engine)
    with engine.begin() as connection:
        found = connection.execute(
            setting.select().where(setting.c.name == "version")
        ).one_or_none()
        if found is None:
            connection.execute(setting.insert().values(name="version", value=VERSION))
        elif found.value != VERSION:
            raise DatabaseError(
                f"database {url}: holds tables of version {found.value}, this program writes "
                f"{VERSION}; give another with --db, or delete it (its data is made from the "
                "scenarios and comes back by itself)"
            )
    return engine


def _tune(connection: Any, _record: object) -> None:
    """Readers and one writer side by side; a crash loses no committed data."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA busy_timeout=5000")

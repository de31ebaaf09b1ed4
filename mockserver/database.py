"""The tables, and the one place that opens the database. An SQLite file unless told otherwise."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
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
    Column("instellingscode", String, nullable=False),
    Column("recipe", String, nullable=False),
    UniqueConstraint("scenario", "instellingscode", "recipe"),
)
"""The schools whose data is there. A changed recipe is another school: nothing that a running
server serves is ever taken away."""

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

VERSION = "2"
"""Of the tables. A database with another version is refused, never guessed at."""


class DatabaseError(LocalError):
    """The database can't be used. Its text is one line for the user."""


@contextmanager
def explained(url: str) -> Iterator[None]:
    """Turns what SQLAlchemy raises into one line that names the database."""
    try:
        yield
    except (SQLAlchemyError, ImportError) as error:
        cause = str(getattr(error, "orig", None) or error).split("\n", 1)[0]
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
        try:
            with engine.begin() as connection:
                metadata.create_all(connection)
                _check_version(connection, url)
        except BaseException:
            engine.dispose()
            raise
    return engine


def _check_version(connection: Connection, url: str) -> None:
    """Writes the version of the tables where there is none; refuses another one."""
    where = setting.c.name == "version"
    found = connection.execute(setting.select().where(where)).one_or_none()
    if found is None:
        connection.execute(setting.insert().values(name="version", value=VERSION))
    elif found.value != VERSION:
        raise DatabaseError(
            f"database {url}: holds tables of version {found.value}, this program writes "
            f"{VERSION}; give another with --db, or delete it (its data is made from the "
            "scenarios and comes back by itself)"
        )


def _tune(connection: Any, _record: object) -> None:
    """Readers and one writer side by side; a crash loses no committed data."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA busy_timeout=5000")

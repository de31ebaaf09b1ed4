"""What the server's commands share: scenarios and databases, with errors in one line."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from mockserver.commands import INPUT, LOCAL, CommandError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from mockserver.scenario import Scenario


@contextmanager
def explained() -> Iterator[None]:
    """Turns what the server's modules raise into a CommandError with its exit code."""
    from mockserver.database import DatabaseError
    from mockserver.play import PlayError
    from mockserver.scenario import ScenarioError
    from mockserver.server import BindError

    try:
        yield
    except (ScenarioError, PlayError) as error:
        raise CommandError(str(error), INPUT) from error
    except (DatabaseError, BindError) as error:
        raise CommandError(str(error), LOCAL) from error


def find_scenarios(names: Sequence[str]) -> list["Scenario"]:
    """The scenarios with these names, each once."""
    from mockserver.scenario import find

    with explained():
        return [find(name) for name in dict.fromkeys(names)]


def open_database(db: str | None) -> "Engine":
    """The database at a path or an SQLAlchemy URL; None: in the user's data folder."""
    from platformdirs import user_data_path

    from mockserver.database import connect

    url = db or str(user_data_path("resultatenkoppeling", appauthor=False) / "server.sqlite")
    if "://" not in url:
        path = Path(url).absolute()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CommandError(
                f"database {path}: its folder can't be made: {error.strerror}; give another with "
                "--db",
                LOCAL,
            ) from None
        url = f"sqlite:///{path}"
    with explained():
        return connect(url)
